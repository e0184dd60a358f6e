// SPDX-License-Identifier: BSD-3-Clause
// PCI devices that only one process sees: the device model's BAR0s as cards that igb_uio holds. EAL, ours and upstream's, reads
// SYSFS_PCI_DEVICES for the folder of devices; /dev/uioN and /sys/class/uio/uioN upstream's has by heart, so they are put into a mount
// namespace of its own.
import fs from 'node:fs';
import path from 'node:path';

export const addresses = ['0000:65:00.0', '0000:65:00.1'];
export const [address] = addresses;

/** Device `number` in the folder of devices as the kernel would show it, made in `home`: bound to igb_uio. `bar` need not be there yet. */
function makeDevice(home, bar, number) {
  const folder = path.join(home, 'devices', addresses[number]);
  const nothing = '0x0000000000000000 0x0000000000000000 0x0000000000000000\n';
  const files = {
    vendor: '0x8086\n',
    device: '0x1583\n',
    subsystem_vendor: '0x8086\n',
    subsystem_device: '0x0001\n',
    class: '0x020000\n',
    max_vfs: '0\n',
    numa_node: '-1\n',
    resource: `0x00000000f0000000 0x00000000f07fffff 0x000000000014220c\n${nothing.repeat(6)}`,
  };
  fs.mkdirSync(path.join(folder, `uio/uio${number}`), { recursive: true });
  fs.mkdirSync(path.join(home, 'drivers/igb_uio'), { recursive: true });
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text);
  fs.symlinkSync(bar, path.join(folder, 'resource0'));
  fs.symlinkSync(path.join(home, 'drivers/igb_uio'), path.join(folder, 'driver'));
}

/** Run by bash: HOME_OF_DEVICES and BARS (colons between) in the environment, then its arguments as a command. */
const inNamespace = `set -e
mount --make-rprivate /
mkdir -p "$HOME_OF_DEVICES/dev"; mount --rbind /dev "$HOME_OF_DEVICES/dev"
mount -t tmpfs none /dev
for n in null zero full random urandom tty; do touch /dev/$n; mount --bind "$HOME_OF_DEVICES/dev/$n" /dev/$n; done
mkdir /dev/shm /dev/pts /dev/hugepages
mount --bind "$HOME_OF_DEVICES/dev/hugepages" /dev/hugepages
ln -s /proc/self/fd /dev/fd
mount -t tmpfs none /sys/class
number=0
IFS=:
for bar in $BARS; do
  mkfifo /dev/uio$number
  mkdir -p /sys/class/uio/uio$number/device
  ln -s "$bar.config" /sys/class/uio/uio$number/device/config
  number=$((number + 1))
done
unset IFS
exec "$@"`;

/** How to start `command` where these BAR0s of models are the cards at `addresses`; `home`: an empty folder for them. Needs root. */
export function onCards(home, bars, command) {
  for (const [number, bar] of bars.entries()) makeDevice(home, bar, number);
  return {
    command: 'unshare',
    args: ['-m', 'bash', '-c', inNamespace, 'bash', ...command],
    env: { SYSFS_PCI_DEVICES: path.join(home, 'devices'), HOME_OF_DEVICES: home, BARS: bars.join(':') },
  };
}

/** The same with one card, at `address`. */
export const onCard = (home, bar, command) => onCards(home, [bar], command);
