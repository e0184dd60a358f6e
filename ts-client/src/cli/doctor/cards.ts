// SPDX-License-Identifier: BSD-3-Clause
//
// Findings about network cards that are the same on both systems.
import { type NetworkDevice, nameOf } from '../system/device.ts';
import { firmwareNote, knownCard } from '../system/nics.ts';
import { type Finding, about, blocksCards, info, ok, warn } from './finding.ts';

/** Bytes of payload come to about this share of a PCI Express link's raw rate, with packets of usual sizes. */
const PAYLOAD_SHARE = 0.82;
/** Of 8b/10b coding below 8 GT/s, 128b/130b from there on. */
const coding = (gigatransfers: number): number => (gigatransfers < 8 ? 0.8 : 128 / 130);

function shown({ interfaces }: NetworkDevice): string {
  const names = interfaces.map(({ name, up }) => `${name}, ${up ? 'up' : 'down'}`);
  return names.length === 0 ? '' : ` (${names.join('; ')})`;
}

function usable(device: NetworkDevice): Finding {
  const { state, name } = device;
  const text = `${name}: ${state.why}${shown(device)}`;
  if (state.usable) return ok('card', text);
  // Nothing to be done, or nothing that must be: the system's own network stays.
  return state.remedy === undefined ? info('card', text) : warn('card', `${text}: no port for it`, state.remedy);
}

function pciLink(device: NetworkDevice, gigabits: number): Finding[] {
  const { link } = device;
  if (link === undefined) return [];
  const { gigatransfers, width, bestGigatransfers, bestWidth } = link;
  const rate = gigatransfers * width * coding(gigatransfers) * PAYLOAD_SHARE;
  const text = `PCI Express at ${gigatransfers} GT/s x${width}, some ${Math.round(rate)} Gbit/s of packets each way`;
  if (gigatransfers < bestGigatransfers || width < bestWidth)
    return [
      warn(
        'card.link',
        `${text}; the card could do ${bestGigatransfers} GT/s x${bestWidth}`,
        'Put it into a slot with all its lanes, or see the firmware settings of the slot',
      ),
    ];
  if (rate < 2 * gigabits)
    return [info('card.link', `${text}: enough for one port of ${gigabits} Gbit/s, not for two at full rate`)];
  return [ok('card.link', text)];
}

export function cardFindings(device: NetworkDevice): Finding[] {
  const card = knownCard(device.vendor, device.device);
  const findings = [usable(device)];
  if (card !== undefined) {
    findings.push(...pciLink(device, card.gigabits));
    const note = firmwareNote(card, device.firmware);
    if (note?.slow) findings.push(warn('card.firmware', note.text, "Update the card's firmware with its maker's tool"));
    else if (note) findings.push(info('card.firmware', note.text));
    if (device.node !== undefined)
      findings.push(info('card.node', `on NUMA node ${device.node}: give the dataplane cores and memory of that node`));
  }
  return findings.map((finding) => about(nameOf(device), finding));
}

/** When no card at all can be used, that is one finding of its own. */
export function anyCard(devices: readonly NetworkDevice[]): Finding {
  const known = devices.filter(({ vendor, device }) => knownCard(vendor, device) !== undefined);
  const ready = devices.filter(({ state }) => state.usable);
  if (ready.length > 0) return ok('cards', `${ready.length} ready for a dataplane: ${ready.map(nameOf).join(', ')}`);
  if (known.length > 0)
    return blocksCards(
      warn(
        'cards',
        `${known.length} that wdpdk could drive, none ready`,
        "See the remedy beside each; 'wdpdk bind' gives a card to wdpdk",
      ),
    );
  const text = devices.length === 0 ? 'this machine has no network card on PCI' : 'wdpdk has a driver for none of them';
  return { ...info('cards', `${text}; all other ports work`), blocks: 'cards' };
}
