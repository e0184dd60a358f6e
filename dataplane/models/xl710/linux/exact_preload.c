/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Preloaded into a driver's process (LD_PRELOAD), it gives the file named by WDPDK_XL710_EXACT, where it is mapped whole, no memory but
 * for the queues' tails and the statistics. Each other load or store faults, is decoded, and is done by the model (exact.h). What compilers
 * make of accesses to registers are moves, and a few instructions that compute with what they load; anything else ends the process with its
 * bytes on stderr.
 *
 * It stands in a program that knows nothing of it: no headers of ours but the mailbox's, no library but libc.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "exact.h"

#define BAR_SIZE (8u << 20)
#define MAPPINGS 8
#define PATIENCE_S 10

/* What is not trapped: tails are the data path's, and reading counters has no effect. */
static const struct { uint32_t start, length; } direct[] = {
	{ 0x108000, 0x2000 }, { 0x128000, 0x2000 }, { 0x300000, 0x71000 },
};

static struct {
	uint8_t *start;
	size_t length;
} mappings[MAPPINGS];
static int mapping_count;
static struct xl710_mailbox *mailbox;

typedef void *map_function(void *address, size_t length, int protection, int flags, int fd, off_t offset);

static void
die(const char *why, const uint8_t *bytes)
{
	char text[128];
	int length = snprintf(text, sizeof(text), "xl710 exact: %s", why);

	for (int i = 0; bytes != NULL && i < 12; i++)
		length += snprintf(text + length, sizeof(text) - (size_t)length, " %02x", bytes[i]);
	text[length++] = '\n';
	if (write(STDERR_FILENO, text, (size_t)length) < 0)
		_exit(71);
	abort();
}

/* ---- the model's side of an access ---- */

static uint64_t
ask(uint32_t kind, uint32_t offset, uint32_t size, uint64_t value)
{
	struct timespec now;
	time_t end;
	uint32_t asked, free_lock = 0;

	while (!__atomic_compare_exchange_n(&mailbox->owner, &free_lock, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
		free_lock = 0;
		sched_yield();
	}
	mailbox->kind = kind;
	mailbox->offset = offset;
	mailbox->size = size;
	mailbox->value = value;
	asked = mailbox->asked + 1;
	__atomic_store_n(&mailbox->asked, asked, __ATOMIC_RELEASE);
	clock_gettime(CLOCK_MONOTONIC, &now);
	end = now.tv_sec + PATIENCE_S;
	while (__atomic_load_n(&mailbox->answered, __ATOMIC_ACQUIRE) != asked) {
		sched_yield();
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec > end)
			die("the model does not answer", NULL);
	}
	value = mailbox->value;
	__atomic_store_n(&mailbox->owner, 0, __ATOMIC_RELEASE);
	return value;
}

/* ---- instructions ---- */

/* In the order of x86's register numbers. */
static const int registers[16] = {
	REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
	REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15,
};

/* The bytes of ModRM, SIB and displacement. */
static unsigned int
operand_length(const uint8_t *modrm)
{
	unsigned int mode = modrm[0] >> 6, base = modrm[0] & 7, length = 1;

	if (base == 4) {
		length++;
		base = modrm[1] & 7;
	}
	if (mode == 1)
		return length + 1;
	return length + (mode == 2 || (mode == 0 && base == 5) ? 4 : 0);
}

/*
 * Two registers that are read one after the other a compiler may join in a vector: movd, and pinsrd for the lanes above. `at` stands behind
 * 66; where the next instruction begins, or NULL.
 */
static const uint8_t *
emulate_vector(ucontext_t *context, uint32_t offset, const uint8_t *at)
{
	uint8_t rex = (*at & 0xF0) == 0x40 ? *at++ : 0;
	bool insert = at[1] == 0x3A && at[2] == 0x22;
	const uint8_t *modrm = at + (insert ? 3 : 2);
	unsigned int length = operand_length(modrm), lane = insert ? modrm[length] & 3 : 0;
	uint32_t *lanes;

	if (at[0] != 0x0F || (!insert && at[1] != 0x6E) || (rex & 8))
		return NULL;
	lanes = context->uc_mcontext.fpregs->_xmm[(modrm[0] >> 3 & 7) | (rex & 4 ? 8 : 0)].element;
	if (!insert)
		memset(lanes, 0, 16);
	lanes[lane] = (uint32_t)ask(XL710_MAILBOX_READ, offset, 4, 0);
	return modrm + length + insert;
}

/* x86's arithmetic flags: carry, parity, auxiliary, zero, sign, overflow. */
#define FLAGS 0x8D5

/* The flags of `left` and `right` by one instruction; *left becomes what it makes of them. */
static greg_t
flags_of(char operation, uint32_t *left, uint32_t right)
{
	uint64_t flags;

	if (operation == '&')
		__asm__("andl %2, %0\n\tpushfq\n\tpopq %1" : "+r"(*left), "=r"(flags) : "r"(right) : "cc");
	else if (operation == '|')
		__asm__("orl %2, %0\n\tpushfq\n\tpopq %1" : "+r"(*left), "=r"(flags) : "r"(right) : "cc");
	else
		__asm__("cmpl %2, %0\n\tpushfq\n\tpopq %1" : "+r"(*left), "=r"(flags) : "r"(right) : "cc");
	return (greg_t)(flags & FLAGS);
}

/*
 * A load as part of an instruction that computes, 32 bits wide: and, or, cmp, test with a register or a constant. How many bytes of
 * constant follow the operand, or -1 when it is none of these.
 */
static int
emulate_arithmetic(greg_t *regs, int reg, uint8_t opcode, const uint8_t *modrm, unsigned int length, uint32_t offset)
{
	bool group = opcode == 0x81 || opcode == 0x83 || opcode == 0xF7;
	int constant_size = opcode == 0x83 ? 1 : group ? 4 : 0;
	uint32_t memory, constant, value = (uint32_t)regs[reg];
	int32_t wide;
	greg_t flags;

	if (group && (modrm[0] >> 3 & 7) != (opcode == 0xF7 ? 0 : 7))
		return -1;
	if (!group && opcode != 0x23 && opcode != 0x0B && opcode != 0x3B && opcode != 0x39 && opcode != 0x85)
		return -1;
	memory = (uint32_t)ask(XL710_MAILBOX_READ, offset, 4, 0);
	memcpy(&wide, modrm + length, 4);
	constant = opcode == 0x83 ? (uint32_t)(int8_t)modrm[length] : (uint32_t)wide;
	switch (opcode) {
	case 0x23:
	case 0x0B:
		flags = flags_of(opcode == 0x23 ? '&' : '|', &value, memory);
		regs[reg] = (greg_t)(uint64_t)value;
		break;
	case 0x3B:
		flags = flags_of('-', &value, memory);
		break;
	case 0x39:
		flags = flags_of('-', &memory, value);
		break;
	case 0x85:
		flags = flags_of('&', &memory, value);
		break;
	default:
		flags = flags_of(opcode == 0xF7 ? '&' : '-', &memory, constant);
	}
	regs[REG_EFL] = (regs[REG_EFL] & ~(greg_t)FLAGS) | flags;
	return constant_size;
}

static void
emulate(ucontext_t *context, uint32_t offset)
{
	greg_t *regs = context->uc_mcontext.gregs;
	const uint8_t *code = (const uint8_t *)regs[REG_RIP], *at = code;
	uint8_t rex = (*at & 0xF0) == 0x40 ? *at++ : 0, opcode = *at++;
	uint32_t size = rex & 8 ? 8 : 4;
	int reg = registers[(at[0] >> 3 & 7) | (rex & 4 ? 8 : 0)];
	unsigned int length = operand_length(at);
	int32_t immediate;

	if (code[0] == 0x66) {
		at = emulate_vector(context, offset, code + 1);
		if (at == NULL)
			die("cannot do this instruction:", code);
		regs[REG_RIP] = (greg_t)at;
		return;
	}
	switch (opcode) {
	case 0x8B: /* register from memory: 32 bits clear the upper half */
		regs[reg] = (greg_t)ask(XL710_MAILBOX_READ, offset, size, 0);
		break;
	case 0x89:
		ask(XL710_MAILBOX_WRITE, offset, size, size == 8 ? (uint64_t)regs[reg] : (uint32_t)regs[reg]);
		break;
	case 0xC7: /* a constant */
		memcpy(&immediate, at + length, 4);
		ask(XL710_MAILBOX_WRITE, offset, size, size == 8 ? (uint64_t)(int64_t)immediate : (uint32_t)immediate);
		length += 4;
		break;
	default:
		immediate = size == 8 ? -1 : emulate_arithmetic(regs, reg, opcode, at, length, offset);
		if (immediate < 0)
			die("cannot do this instruction:", code);
		length += (unsigned int)immediate;
	}
	regs[REG_RIP] += (at - code) + (greg_t)length;
}

static void
on_fault(int number, siginfo_t *info, void *context)
{
	const uint8_t *address = info->si_addr;

	for (int i = 0; i < mapping_count; i++)
		if (address >= mappings[i].start && address < mappings[i].start + mappings[i].length) {
			emulate(context, (uint32_t)(address - mappings[i].start));
			return;
		}
	signal(number, SIG_DFL);
}

/* ---- the mapping ---- */

static bool
is_bar(int fd, size_t length, off_t offset)
{
	const char *path = getenv("WDPDK_XL710_EXACT");
	struct stat wanted, status;

	return fd >= 0 && path != NULL && length == BAR_SIZE && offset == 0 && fstat(fd, &status) == 0 && stat(path, &wanted) == 0 &&
	       status.st_ino == wanted.st_ino && status.st_dev == wanted.st_dev;
}

static void
open_mailbox(map_function *real)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s.exact", getenv("WDPDK_XL710_EXACT"));
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		die("there is no mailbox: start the model with --exact", NULL);
	mailbox = real(NULL, XL710_MAILBOX_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (mailbox == MAP_FAILED || mailbox->magic != XL710_MAILBOX_MAGIC)
		die("this is no mailbox", NULL);
}

static void *
map_trapped(map_function *real, void *address, int flags, int fd)
{
	struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER };
	uint8_t *start = real(address, BAR_SIZE, PROT_NONE, (flags & MAP_FIXED) | MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (start == MAP_FAILED)
		return start;
	if (mapping_count == MAPPINGS)
		die("mapped too often", NULL);
	if (mailbox == NULL)
		open_mailbox(real);
	for (size_t i = 0; i < sizeof(direct) / sizeof(direct[0]); i++)
		if (real(start + direct[i].start, direct[i].length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd,
			 (off_t)direct[i].start) == MAP_FAILED)
			die("cannot map what is not trapped", NULL);
	mappings[mapping_count].start = start;
	mappings[mapping_count].length = BAR_SIZE;
	mapping_count++;
	sigaction(SIGSEGV, &action, NULL);
	return start;
}

static void *
map(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
	static map_function *real;

	if (real == NULL)
		real = (map_function *)dlsym(RTLD_NEXT, "mmap");
	if (is_bar(fd, length, offset))
		return map_trapped(real, address, flags, fd);
	return real(address, length, protection, flags, fd, offset);
}

void *
mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
	return map(address, length, protection, flags, fd, offset);
}

void *
mmap64(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
	return map(address, length, protection, flags, fd, offset);
}
