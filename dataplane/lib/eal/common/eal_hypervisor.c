/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Hypervisors announce themselves by bit 31 of CPUID 1 ECX, and sign in EBX, ECX and EDX of leaf 0x40000000.
 */
#include <string.h>

#include <cpuid.h>

#include <rte_common.h>
#include <rte_cpuflags.h>
#include <rte_hypervisor.h>

enum rte_hypervisor
rte_hypervisor_get(void)
{
	static const struct {
		char signature[13];
		enum rte_hypervisor id;
	} known[] = {
		{ "KVMKVMKVM\0\0\0", RTE_HYPERVISOR_KVM },
		{ "Microsoft Hv", RTE_HYPERVISOR_HYPERV },
		{ "VMwareVMware", RTE_HYPERVISOR_VMWARE },
	};
	unsigned int eax, signature[3], i;

	if (rte_cpu_get_flag_enabled(RTE_CPUFLAG_HYPERVISOR) != 1)
		return RTE_HYPERVISOR_NONE;
	__cpuid(0x40000000, eax, signature[0], signature[1], signature[2]);
	for (i = 0; i < RTE_DIM(known); i++)
		if (memcmp(known[i].signature, signature, sizeof(signature)) == 0)
			return known[i].id;
	return RTE_HYPERVISOR_UNKNOWN;
}

const char *
rte_hypervisor_get_name(enum rte_hypervisor id)
{
	static const char *const names[] = { "none", "KVM", "Hyper-V", "VMware" };

	return (unsigned int)id < RTE_DIM(names) ? names[id] : "unknown";
}
