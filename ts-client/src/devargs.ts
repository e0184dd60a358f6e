// SPDX-License-Identifier: BSD-3-Clause
//
// From ports as users describe them to DPDK's device arguments. What can be seen to be wrong here is refused here, with
// the port and the field; the rest (a file that is not there, an interface in use) is the dataplane's to say.
import { checkOrder, checkWires, refuse } from './port-checks.ts';

/** A port on capture files. */
export interface PcapPort {
  /** Frames come from here (pcap or pcapng); several files are several receive queues. */
  readonly rx?: string | readonly string[];
  /** Sent frames go here (pcap); several files are several transmit queues. */
  readonly tx?: string | readonly string[];
  /** Begin again at the end of `rx`. */
  readonly loop?: boolean;
  /** Frames a second of each queue; default: as fast as they are taken. */
  readonly pps?: number;
}

/** An interface of the kernel's own network stack (Linux): what it sends the port receives, and the other way round. */
export interface TapPort {
  /** Name of the interface, at most 15 bytes; `%d` in it stands for the first free number. Default: `dtap%d`. */
  readonly iface?: string;
  /** The port's address; the kernel's interface has its own. Default: 02:74:61:70:00 and the port's number. */
  readonly mac?: string;
  /** Receive queues, at most: 1 to 16, default 1. */
  readonly queues?: number;
  /** The interface stays when the dataplane ends. */
  readonly persist?: boolean;
}

/** Frames out of nowhere, into nowhere, for measuring everything else. */
export interface NullPort {
  /** Bytes of each frame it receives, 14 to 65535, default 64. */
  readonly size?: number;
  /** Copy every frame once each way, as if it had a content. */
  readonly copy?: boolean;
  /** `false`: nothing is received, what is sent is swallowed. */
  readonly rx?: boolean;
}

/** One end of a wire between two ports of this dataplane. */
export interface WirePort {
  /** The two ports that name the same wire are its ends: what one sends the other receives. */
  readonly wire: string;
  /** Queues each way: 1 to 16, default 1. */
  readonly queues?: number;
  /** Default: 02:72:69:6e:67 and the port's number. */
  readonly mac?: string;
}

/** A port of the device model that plays an XL710, as `openXl710` of `wdpdk/testing` makes them. */
export interface Xl710ModelPort {
  /** The model's file of registers. */
  readonly bar: string;
  /** The folder of the memory that both share; the same for all ports of a dataplane. */
  readonly dma: string;
}

/**
 * A port of the dataplane; its number is its place in `ports`. Those of cards (`pci`, `xl710Model`) come before all others, `pci` in the
 * order of their addresses.
 */
export type PortSpec =
  | { readonly pcap: PcapPort }
  | WirePort
  | { readonly tap: TapPort }
  | { /** `true`: receives empty buffers, swallows what is sent. */ readonly null: true | NullPort }
  | {
      /** A card by its address on the bus, as `0000:65:00.0`, held by a user-space driver (`igb_uio`). */ readonly pci: string;
    }
  | { readonly xl710Model: Xl710ModelPort }
  | { /** A `--vdev` argument as it is. */ readonly devargs: string };

/** Commas end a device argument, unless between brackets, and percent signs begin an escape: none may stand as it is. */
export const escapePath = (path: string): string =>
  path.replace(/[%,[\]]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** Says what a field takes when the value is none of that. */
type Check = (value: unknown) => string | undefined;

const MAC = /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i;
const isUnicast = (mac: string): boolean => (Number.parseInt(mac, 16) & 1) === 0 && /[1-9a-f]/i.test(mac);
const when = (wrong: boolean, takes: string): string | undefined => (wrong ? takes : undefined);
const number =
  (least: number, most: number): Check =>
  (value) =>
    when(
      !Number.isInteger(value) || Number(value) < least || Number(value) > most,
      `a whole number from ${least} to ${most}`,
    );
const flag: Check = (value) => when(typeof value !== 'boolean', 'true or false');
const isPath = (value: unknown): boolean => typeof value === 'string' && value !== '' && !value.includes('\0');
const paths: Check = (value) =>
  when(
    Array.isArray(value) ? value.length === 0 || value.length > 16 || !value.every(isPath) : !isPath(value),
    'the name of a file, or a list of 1 to 16',
  );
const mac: Check = (value) =>
  when(typeof value !== 'string' || !MAC.test(value) || !isUnicast(value), 'a unicast address as 02:00:00:00:00:01');
const wire: Check = (value) =>
  when(
    typeof value !== 'string' || !/^[\w.-]{1,63}$/.test(value),
    'a name of 1 to 63 letters, digits, "_", "." or "-"',
  );
const iface: Check = (value) =>
  when(
    // Length in bytes and the free number are the kernel's to judge; these would not even reach it as they are.
    typeof value !== 'string' || !/^[^\s,=/:[\]"]{1,15}$/.test(value) || /%(?!d)/.test(value),
    'a name of at most 15 bytes without blanks and any of , = / : [ ] "',
  );
const queues = number(1, 16);
const address: Check = (value) =>
  when(
    typeof value !== 'string' || !/^[\da-f]{4}:[\da-f]{2}:[01][\da-f]\.[0-7]$/i.test(value),
    "an address as '0000:65:00.0'",
  );

const FIELDS = {
  pcap: { rx: paths, tx: paths, loop: flag, pps: number(1, 1_000_000_000) },
  tap: { iface, mac, queues, persist: flag },
  null: { size: number(14, 65_535), copy: flag, rx: flag },
  wire: { wire, queues, mac },
  pci: { pci: address },
  xl710Model: { bar: paths, dma: paths },
} as const satisfies Record<string, Record<string, Check>>;
const KINDS = [...Object.keys(FIELDS), 'devargs'];

const shown = (value: unknown): string => JSON.stringify(value) ?? String(value);

function checkFields(object: string, fields: Record<string, Check>, value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    refuse(object, `${shown(value)} is no set of fields`, `It takes { ${Object.keys(fields).join(', ')} }`);
  for (const [name, given] of Object.entries(value)) {
    const check = Object.hasOwn(fields, name) ? fields[name]! : undefined;
    if (!check) refuse(`${object}.${name}`, 'there is no such field', `There are ${Object.keys(fields).join(', ')}`);
    const takes = given === undefined ? undefined : check(given);
    if (takes !== undefined) refuse(`${object}.${name}`, `${shown(given)} is not what it takes`, `It takes ${takes}`);
  }
}

const list = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

/** `key=value` for what is given, in order. */
function argumentsOf(device: string, pairs: readonly (readonly [string, string | number | undefined])[]): string {
  const given = pairs.filter(([, value]) => value !== undefined);
  return [device, ...given.map(([key, value]) => `${key}=${value}`)].join(',');
}

function pcapDevice(object: string, position: number, port: PcapPort): string {
  checkFields(object, FIELDS.pcap, port);
  if (port.rx === undefined && port.tx === undefined)
    refuse(object, 'a pcap port needs a file to receive from or to send to', 'Give rx, tx or both');
  return argumentsOf(`net_pcap${position}`, [
    ...list(port.rx).map((file) => ['rx_pcap', escapePath(file)] as const),
    ...list(port.tx).map((file) => ['tx_pcap', escapePath(file)] as const),
    ['infinite_rx', port.loop ? 1 : undefined],
    ['rx_pps', port.pps],
  ]);
}

function tapDevice(object: string, position: number, port: TapPort): string {
  checkFields(object, FIELDS.tap, port);
  return argumentsOf(`net_tap${position}`, [
    ['iface', port.iface],
    ['mac', port.mac],
    ['queues', port.queues],
    ['persist', port.persist ? 1 : undefined],
  ]);
}

function nullDevice(object: string, position: number, port: true | NullPort): string {
  const { size, copy, rx } = port === true ? {} : port;
  if (port !== true) checkFields(object, FIELDS.null, port);
  if (copy && rx === false) refuse(object, 'copy and rx: false exclude each other', 'Leave one of them out');
  return argumentsOf(`net_null${position}`, [
    ['size', size],
    ['copy', copy ? 1 : undefined],
    ['no-rx', rx === false ? 1 : undefined],
  ]);
}

function wireDevice(object: string, position: number, port: WirePort): string {
  checkFields(object, FIELDS.wire, port);
  return argumentsOf(`net_ring${position}`, [
    ['wire', port.wire],
    ['queues', port.queues],
    ['mac', port.mac],
  ]);
}

function modelDevice(object: string, position: number, port: Xl710ModelPort): string {
  checkFields(object, FIELDS.xl710Model, port);
  for (const name of ['bar', 'dma'] as const)
    if (!isPath(port[name])) refuse(`${object}.${name}`, 'is missing', 'Take the ports as openXl710() makes them');
  return argumentsOf(`pci_model${position}`, [
    ['bar', escapePath(port.bar)],
    ['dma', escapePath(port.dma)],
  ]);
}

function ownDevice(object: string, argument: unknown): string {
  if (typeof argument !== 'string' || argument === '' || argument.includes('\0'))
    refuse(object, `${shown(argument)} is no device argument`, "Write it as for --vdev, as 'net_null0,size=128'");
  return argument;
}

/** The kind of a port: by the one key that names it. Others belong to that kind, or nowhere. */
function kindOf(object: string, spec: unknown): string {
  const keys = typeof spec === 'object' && spec !== null ? Object.keys(spec) : [];
  const kinds = keys.filter((key) => KINDS.includes(key));
  const remedy = `A port is one of ${KINDS.map((kind) => `{ ${kind}: ... }`).join(', ')}`;
  if (kinds.length !== 1)
    refuse(
      object,
      kinds.length === 0 ? `${shown(spec)} is no port` : `${kinds.join(' and ')} cannot be one port`,
      remedy,
    );
  const stranger = keys.find((key) => key !== kinds[0] && kinds[0] !== 'wire');
  if (stranger !== undefined) refuse(`${object}.${stranger}`, 'there is no such field', remedy);
  return kinds[0]!;
}

function deviceOf(spec: PortSpec, position: number): string {
  const object = `ports[${position}]`;
  const kind = kindOf(object, spec);
  if ('pcap' in spec) return pcapDevice(`${object}.pcap`, position, spec.pcap);
  if ('tap' in spec) return tapDevice(`${object}.tap`, position, spec.tap);
  if ('null' in spec) return nullDevice(`${object}.null`, position, spec.null);
  if ('wire' in spec) return wireDevice(object, position, spec);
  if ('pci' in spec) {
    checkFields(object, FIELDS.pci, spec);
    return spec.pci.toLowerCase();
  }
  if ('xl710Model' in spec) return modelDevice(`${object}.xl710Model`, position, spec.xl710Model);
  return ownDevice(`${object}.${kind}`, spec.devargs);
}

/** Whether EAL arguments choose among the machine's cards. */
const choosesCards = (eal: readonly string[]): boolean =>
  eal.some((argument) => /^(-[ab]|--(allow|block)\b)/.test(argument));

/**
 * EAL arguments that create the ports, in order: the first is port 0. `eal`: those that the user gives besides. Throws
 * WDPDK_E_ARGUMENT.
 */
export function portArguments(ports: readonly PortSpec[], eal: readonly string[] = []): string[] {
  const devices = ports.map(deviceOf);
  checkWires(ports);
  checkOrder(ports);
  const names = devices.map((device) => device.split(',', 1)[0]!);
  const twice = names.findIndex((name, position) => names.indexOf(name) !== position);
  if (twice >= 0)
    refuse(
      `ports[${twice}]`,
      `port ${names.indexOf(names[twice]!)} is called ${names[twice]}, too`,
      `Ports are named after their place; give the device of your own another number`,
    );
  // Cards that nobody named would take the first numbers.
  const others = ports.some((spec) => 'pci' in spec) || choosesCards(eal) ? [] : ['--no-pci'];
  return [...others, ...devices.map((device, n) => `${'pci' in ports[n]! ? '--allow' : '--vdev'}=${device}`)];
}
