// SPDX-License-Identifier: BSD-3-Clause
// Sets a configuration that wants to be confirmed. Argument: {instance, config, confirmWithinMs}.
//   set  does so and answers with the generation; then it is killed, confirms or rolls back: confirm, rollback
import { attach } from 'wdpdk';
import { answer, argument, say } from './lines.mjs';

const client = await attach({ instance: argument.instance, name: 'committer', want: ['observe', 'configure'] });
let applied;

answer({
  set: async () => {
    applied = await client.forwarding.set(argument.config, { confirmWithinMs: argument.confirmWithinMs });
    return { generation: applied.generation };
  },
  confirm: async () => {
    await applied.confirm();
    return {};
  },
  rollback: async () => {
    await applied.rollback();
    return {};
  },
});
say('open');
