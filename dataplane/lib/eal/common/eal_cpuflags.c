/* SPDX-License-Identifier: BSD-3-Clause
 *
 * CPU features by CPUID (Intel SDM volume 2, CPUID; AMD APM volume 3, appendix E).
 */
#include <errno.h>
#include <stdio.h>

#include <cpuid.h>

#include <rte_cpuflags.h>
#include <rte_io.h>
#include <rte_vect.h>

#include "eal_private.h"

enum cpuid_register {
	EAX, EBX, ECX, EDX
};

static const struct {
	const char *name;
	uint32_t leaf;
	enum cpuid_register reg;
	unsigned int bit;
} flags[RTE_CPUFLAG_NUMFLAGS] = {
#define FLAG(name, leaf, reg, bit) [RTE_CPUFLAG_ ## name] = { #name, leaf, reg, bit }
	FLAG(SSE3, 0x1, ECX, 0), FLAG(PCLMULQDQ, 0x1, ECX, 1), FLAG(DTES64, 0x1, ECX, 2), FLAG(MONITOR, 0x1, ECX, 3),
	FLAG(DS_CPL, 0x1, ECX, 4), FLAG(VMX, 0x1, ECX, 5), FLAG(SMX, 0x1, ECX, 6), FLAG(EIST, 0x1, ECX, 7),
	FLAG(TM2, 0x1, ECX, 8), FLAG(SSSE3, 0x1, ECX, 9), FLAG(CNXT_ID, 0x1, ECX, 10), FLAG(FMA, 0x1, ECX, 12),
	FLAG(CMPXCHG16B, 0x1, ECX, 13), FLAG(XTPR, 0x1, ECX, 14), FLAG(PDCM, 0x1, ECX, 15), FLAG(PCID, 0x1, ECX, 17),
	FLAG(DCA, 0x1, ECX, 18), FLAG(SSE4_1, 0x1, ECX, 19), FLAG(SSE4_2, 0x1, ECX, 20), FLAG(X2APIC, 0x1, ECX, 21),
	FLAG(MOVBE, 0x1, ECX, 22), FLAG(POPCNT, 0x1, ECX, 23), FLAG(TSC_DEADLINE, 0x1, ECX, 24),
	FLAG(AES, 0x1, ECX, 25), FLAG(XSAVE, 0x1, ECX, 26), FLAG(OSXSAVE, 0x1, ECX, 27), FLAG(AVX, 0x1, ECX, 28),
	FLAG(F16C, 0x1, ECX, 29), FLAG(RDRAND, 0x1, ECX, 30), FLAG(HYPERVISOR, 0x1, ECX, 31), FLAG(FPU, 0x1, EDX, 0),
	FLAG(VME, 0x1, EDX, 1), FLAG(DE, 0x1, EDX, 2), FLAG(PSE, 0x1, EDX, 3), FLAG(TSC, 0x1, EDX, 4),
	FLAG(MSR, 0x1, EDX, 5), FLAG(PAE, 0x1, EDX, 6), FLAG(MCE, 0x1, EDX, 7), FLAG(CX8, 0x1, EDX, 8),
	FLAG(APIC, 0x1, EDX, 9), FLAG(SEP, 0x1, EDX, 11), FLAG(MTRR, 0x1, EDX, 12), FLAG(PGE, 0x1, EDX, 13),
	FLAG(MCA, 0x1, EDX, 14), FLAG(CMOV, 0x1, EDX, 15), FLAG(PAT, 0x1, EDX, 16), FLAG(PSE36, 0x1, EDX, 17),
	FLAG(PSN, 0x1, EDX, 18), FLAG(CLFSH, 0x1, EDX, 19), FLAG(DS, 0x1, EDX, 21), FLAG(ACPI, 0x1, EDX, 22),
	FLAG(MMX, 0x1, EDX, 23), FLAG(FXSR, 0x1, EDX, 24), FLAG(SSE, 0x1, EDX, 25), FLAG(SSE2, 0x1, EDX, 26),
	FLAG(SS, 0x1, EDX, 27), FLAG(HTT, 0x1, EDX, 28), FLAG(TM, 0x1, EDX, 29), FLAG(PBE, 0x1, EDX, 31),
	FLAG(DIGTEMP, 0x6, EAX, 0), FLAG(TRBOBST, 0x6, EAX, 1), FLAG(ARAT, 0x6, EAX, 2), FLAG(PLN, 0x6, EAX, 4),
	FLAG(ECMD, 0x6, EAX, 5), FLAG(PTM, 0x6, EAX, 6), FLAG(MPERF_APERF_MSR, 0x6, ECX, 0), FLAG(ACNT2, 0x6, ECX, 1),
	FLAG(ENERGY_EFF, 0x6, ECX, 3), FLAG(FSGSBASE, 0x7, EBX, 0), FLAG(BMI1, 0x7, EBX, 3), FLAG(HLE, 0x7, EBX, 4),
	FLAG(AVX2, 0x7, EBX, 5), FLAG(SMEP, 0x7, EBX, 7), FLAG(BMI2, 0x7, EBX, 8), FLAG(ERMS, 0x7, EBX, 9),
	FLAG(INVPCID, 0x7, EBX, 10), FLAG(RTM, 0x7, EBX, 11), FLAG(AVX512F, 0x7, EBX, 16),
	FLAG(AVX512DQ, 0x7, EBX, 17), FLAG(RDSEED, 0x7, EBX, 18), FLAG(AVX512IFMA, 0x7, EBX, 21),
	FLAG(AVX512CD, 0x7, EBX, 28), FLAG(AVX512BW, 0x7, EBX, 30), FLAG(AVX512VL, 0x7, EBX, 31),
	FLAG(AVX512VBMI, 0x7, ECX, 1), FLAG(WAITPKG, 0x7, ECX, 5), FLAG(AVX512VBMI2, 0x7, ECX, 6),
	FLAG(GFNI, 0x7, ECX, 8), FLAG(VAES, 0x7, ECX, 9), FLAG(VPCLMULQDQ, 0x7, ECX, 10),
	FLAG(AVX512VNNI, 0x7, ECX, 11), FLAG(AVX512BITALG, 0x7, ECX, 12), FLAG(AVX512VPOPCNTDQ, 0x7, ECX, 14),
	FLAG(CLDEMOTE, 0x7, ECX, 25), FLAG(MOVDIRI, 0x7, ECX, 27), FLAG(MOVDIR64B, 0x7, ECX, 28),
	FLAG(AVX512VP2INTERSECT, 0x7, EDX, 8), FLAG(LAHF_SAHF, 0x80000001, ECX, 0), FLAG(LZCNT, 0x80000001, ECX, 5),
	FLAG(SYSCALL, 0x80000001, EDX, 11), FLAG(XD, 0x80000001, EDX, 20), FLAG(1GB_PG, 0x80000001, EDX, 26),
	FLAG(RDTSCP, 0x80000001, EDX, 27), FLAG(EM64T, 0x80000001, EDX, 29), FLAG(INVTSC, 0x80000007, EDX, 8),
#undef FLAG
};

const char *
rte_cpu_get_flag_name(enum rte_cpu_flag_t feature)
{
	return (unsigned int)feature < RTE_CPUFLAG_NUMFLAGS ? flags[feature].name : NULL;
}

int
rte_cpu_get_flag_enabled(enum rte_cpu_flag_t feature)
{
	unsigned int regs[4];

	if ((unsigned int)feature >= RTE_CPUFLAG_NUMFLAGS)
		return -ENOENT;
	/* 0 when the CPU has no such leaf. */
	if (__get_cpuid_count(flags[feature].leaf, 0, &regs[EAX], &regs[EBX], &regs[ECX], &regs[EDX]) == 0)
		return 0;
	return regs[flags[feature].reg] >> flags[feature].bit & 1;
}

int
rte_cpu_is_supported(void)
{
	/* What -march lets the compiler use. */
	static const enum rte_cpu_flag_t needed[] = {
		RTE_CPUFLAG_SSE2,
#ifdef __SSE4_2__
		RTE_CPUFLAG_SSE3, RTE_CPUFLAG_SSSE3, RTE_CPUFLAG_SSE4_1, RTE_CPUFLAG_SSE4_2,
#endif
#ifdef __AVX__
		RTE_CPUFLAG_AVX,
#endif
#ifdef __AVX2__
		RTE_CPUFLAG_AVX2,
#endif
#ifdef __AVX512F__
		RTE_CPUFLAG_AVX512F,
#endif
	};
	unsigned int i;

	for (i = 0; i < RTE_DIM(needed); i++)
		if (rte_cpu_get_flag_enabled(needed[i]) != 1) {
			fprintf(stderr, "This CPU has no %s, which this build needs. Build with another WDPDK_MARCH.\n",
				rte_cpu_get_flag_name(needed[i]));
			return 0;
		}
	return 1;
}

uint8_t wdpdk_movdiri;

int
wdpdk_movdiri_detect(void)
{
	int there = rte_cpu_get_flag_enabled(RTE_CPUFLAG_MOVDIRI) == 1;

	__atomic_store_n(&wdpdk_movdiri, there ? 2 : 1, __ATOMIC_RELAXED);
	return there;
}

static uint16_t max_simd = RTE_VECT_DEFAULT_SIMD_BITWIDTH;
static bool max_simd_fixed;

uint16_t
rte_vect_get_max_simd_bitwidth(void)
{
	return max_simd;
}

int
rte_vect_set_max_simd_bitwidth(uint16_t bitwidth)
{
	if (max_simd_fixed)
		return -EPERM;
	if (bitwidth < RTE_VECT_SIMD_DISABLED || !rte_is_power_of_2(bitwidth))
		return -EINVAL;
	max_simd = bitwidth;
	return 0;
}

void
eal_simd_set(unsigned int bitwidth)
{
	max_simd = (uint16_t)bitwidth;
	max_simd_fixed = true;
}
