/* SPDX-License-Identifier: BSD-3-Clause
 *
 * The shadow RAM: 16-bit words, read one at a time through two registers, while this function holds the NVM.
 */
#include <errno.h>

#include "i40e_hw.h"

#define RESOURCE_NVM 1
#define ACCESS_READ 1
#define READ_TIMEOUT_MS 3000

#define WORD_VERSION 0x18
#define WORD_EETRACK_LOW 0x2D
#define WORD_EETRACK_HIGH 0x2E
#define WORD_BOOT_CONFIGURATION 0x17
#define OEM_VERSION 0x83 /* after what the pointer above points at, two words */

static struct i40e_aq_desc
resource_command(uint16_t opcode)
{
	struct i40e_aq_desc desc = i40e_aq_command(opcode);

	desc.param.words[0] = RESOURCE_NVM;
	desc.param.words[1] = ACCESS_READ;
	desc.param.dwords[1] = READ_TIMEOUT_MS;
	return desc;
}

/* Another function may hold it for some time; it says for how long at most. */
static int
acquire(struct i40e_hw *hw)
{
	int error = -EBUSY;

	for (unsigned int i = 0; i < 300 && error == -EBUSY; i++) {
		struct i40e_aq_desc desc = resource_command(I40E_AQ_REQUEST_RESOURCE);

		if (i != 0)
			hw->sleep(hw, 10000);
		error = i40e_aq_send(hw, &desc, NULL, 0, false, true);
	}
	if (error != 0)
		I40E_LOG(ERR, hw->name, "its NVM is not given to this driver (error %d)", -error);
	return error;
}

static void
release(struct i40e_hw *hw)
{
	struct i40e_aq_desc desc = resource_command(I40E_AQ_RELEASE_RESOURCE);

	(void)i40e_aq_send(hw, &desc, NULL, 0, false, false);
}

static int
read_word(struct i40e_hw *hw, uint32_t index, uint16_t *word)
{
	const uint32_t done = I40E_GLNVM_SRCTL_DONE;

	if (i40e_wait(hw, I40E_GLNVM_SRCTL, done, done, 20000, 50) != 0)
		goto late;
	i40e_write(hw, I40E_GLNVM_SRCTL, index << I40E_GLNVM_SRCTL_ADDR_SHIFT | I40E_GLNVM_SRCTL_START);
	if (i40e_wait(hw, I40E_GLNVM_SRCTL, done, done, 20000, 50) != 0)
		goto late;
	*word = (uint16_t)(i40e_read(hw, I40E_GLNVM_SRDATA) >> 16);
	return 0;
late:
	I40E_LOG(ERR, hw->name, "NVM word 0x%x: no answer within a second", index);
	return -ETIMEDOUT;
}

int
i40e_nvm_read(struct i40e_hw *hw, uint32_t first, uint32_t count, uint16_t *words)
{
	int error;

	if (first >= hw->nvm_words || count > hw->nvm_words - first)
		return -EINVAL;
	error = hw->api_minor >= 5 ? acquire(hw) : 0;
	if (error != 0)
		return error;
	for (uint32_t i = 0; i < count && error == 0; i++)
		error = read_word(hw, first + i, &words[i]);
	if (hw->api_minor >= 5)
		release(hw);
	return error;
}

int
i40e_nvm_init(struct i40e_hw *hw)
{
	uint16_t track[2] = {0}, oem[2] = {0}, pointer = 0;
	int error;

	hw->nvm_words = 512u << (i40e_read(hw, I40E_GLNVM_GENS) >> 5 & 7);
	if ((i40e_read(hw, I40E_GLNVM_FLA) & I40E_GLNVM_FLA_LOCKED) == 0) {
		I40E_LOG(ERR, hw->name, "its NVM is blank or being programmed");
		return -EIO;
	}
	error = i40e_nvm_read(hw, WORD_VERSION, 1, &hw->nvm_version);
	if (error == 0)
		error = i40e_nvm_read(hw, WORD_EETRACK_LOW, 2, track);
	if (error == 0)
		error = i40e_nvm_read(hw, WORD_BOOT_CONFIGURATION, 1, &pointer);
	if (error != 0)
		return error;
	hw->eetrack = (uint32_t)track[1] << 16 | track[0];
	/* A pointer to nowhere is an NVM without that block. */
	if (pointer != 0 && pointer != UINT16_MAX && pointer + OEM_VERSION + 2u <= hw->nvm_words &&
			i40e_nvm_read(hw, pointer + OEM_VERSION, 2, oem) == 0)
		hw->oem = (uint32_t)oem[0] << 16 | oem[1];
	return 0;
}
