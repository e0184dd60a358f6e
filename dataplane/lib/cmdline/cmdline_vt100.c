/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Bytes of a terminal put together to keys: single ones, ESC and one, or ESC [ ... and a byte from @ to ~.
 */
#include <string.h>

#include <cmdline_vt100.h>
#include <rte_common.h>

const char *cmdline_vt100_commands[] = {
	[CMDLINE_KEY_UP_ARR] = vt100_up_arr,
	[CMDLINE_KEY_DOWN_ARR] = vt100_down_arr,
	[CMDLINE_KEY_RIGHT_ARR] = vt100_right_arr,
	[CMDLINE_KEY_LEFT_ARR] = vt100_left_arr,
	[CMDLINE_KEY_BKSPACE] = "\177",
	[CMDLINE_KEY_RETURN] = "\n",
	[CMDLINE_KEY_CTRL_A] = "\001",
	[CMDLINE_KEY_CTRL_E] = "\005",
	[CMDLINE_KEY_CTRL_K] = "\013",
	[CMDLINE_KEY_CTRL_Y] = "\031",
	[CMDLINE_KEY_CTRL_C] = "\003",
	[CMDLINE_KEY_CTRL_F] = "\006",
	[CMDLINE_KEY_CTRL_B] = "\002",
	[CMDLINE_KEY_SUPPR] = vt100_suppr,
	[CMDLINE_KEY_TAB] = vt100_tab,
	[CMDLINE_KEY_CTRL_D] = "\004",
	[CMDLINE_KEY_CTRL_L] = "\014",
	[CMDLINE_KEY_RETURN2] = "\r",
	[CMDLINE_KEY_META_BKSPACE] = "\033\177",
	[CMDLINE_KEY_WLEFT] = vt100_word_left,
	[CMDLINE_KEY_WRIGHT] = vt100_word_right,
	[CMDLINE_KEY_HELP] = "?",
	[CMDLINE_KEY_CTRL_W] = "\027",
	[CMDLINE_KEY_CTRL_P] = "\020",
	[CMDLINE_KEY_CTRL_N] = "\016",
	[CMDLINE_KEY_META_D] = "\033d",
	[CMDLINE_KEY_BKSPACE2] = vt100_bs,
};

void
vt100_init(struct cmdline_vt100 *vt)
{
	if (vt == NULL)
		return;
	vt->state = CMDLINE_VT100_INIT;
	vt->bufpos = 0;
}

int
vt100_parser(struct cmdline_vt100 *vt, char ch)
{
	unsigned char c = (unsigned char)ch;
	int none = -2, i;

	if (vt == NULL)
		return -1;
	/* What is longer than any key is read to its end, and is none. */
	if (vt->bufpos < CMDLINE_VT100_BUF_SIZE)
		vt->buf[vt->bufpos++] = ch;
	switch (vt->state) {
	case CMDLINE_VT100_INIT:
		if (c == 033) {
			vt->state = CMDLINE_VT100_ESCAPE;
			return -2;
		}
		none = -1;
		break;
	case CMDLINE_VT100_ESCAPE:
		if (c == '[') {
			vt->state = CMDLINE_VT100_ESCAPE_CSI;
			return -2;
		}
		break;
	case CMDLINE_VT100_ESCAPE_CSI:
		if (c < '@' || c > '~')
			return -2;
	}
	for (i = 0; i < (int)RTE_DIM(cmdline_vt100_commands); i++)
		if (strlen(cmdline_vt100_commands[i]) == vt->bufpos &&
		    memcmp(cmdline_vt100_commands[i], vt->buf, vt->bufpos) == 0)
			break;
	vt100_init(vt);
	return i < (int)RTE_DIM(cmdline_vt100_commands) ? i : none;
}
