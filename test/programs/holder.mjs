// SPDX-License-Identifier: BSD-3-Clause
// Holds all traffic until it dies. Argument: {instance}
import { attach } from 'wdpdk';
import { answer, argument, say } from './lines.mjs';

const client = await attach({ instance: argument.instance, name: 'holder', want: ['configure'] });
await client.hold();
answer({});
say('holding');
