/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Flow rules: what reaches the driver, what comes back, and what is said where there are none.
 */
#include "check.h"

#include <errno.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_mbuf.h>

#include "fake_driver.h"
#include "rte_flow_driver.h"

static struct rte_flow_error error;
static const struct rte_flow_attr ingress = {.ingress = 1};
static const struct rte_flow_item pattern[] = {{.type = RTE_FLOW_ITEM_TYPE_ETH}, {.type = RTE_FLOW_ITEM_TYPE_END}};
static const struct rte_flow_action_queue to_two = {.index = 2};
static const struct rte_flow_action actions[] = {{RTE_FLOW_ACTION_TYPE_QUEUE, &to_two}, {RTE_FLOW_ACTION_TYPE_END, NULL}};
static int the_rule, destroyed, flushed, isolated;
static struct rte_flow_ops operations;

static struct rte_flow *
create(struct rte_eth_dev *dev, const struct rte_flow_attr *attr, const struct rte_flow_item items[],
	const struct rte_flow_action todo[], struct rte_flow_error *why)
{
	if (dev != fake.dev || !attr->ingress || items != pattern || todo[0].conf != &to_two || fake.error != 0) {
		rte_flow_error_set(why, EINVAL, RTE_FLOW_ERROR_TYPE_ACTION, todo, "no such queue");
		return NULL;
	}
	return (struct rte_flow *)&the_rule;
}

static int
validate(struct rte_eth_dev *dev, const struct rte_flow_attr *attr, const struct rte_flow_item items[],
	const struct rte_flow_action todo[], struct rte_flow_error *why)
{
	return create(dev, attr, items, todo, why) == NULL ? -rte_errno : 0;
}

static int
destroy(struct rte_eth_dev *dev, struct rte_flow *flow, struct rte_flow_error *why)
{
	(void)dev;
	(void)why;
	destroyed += flow == (struct rte_flow *)&the_rule;
	return 0;
}

static int
flush(struct rte_eth_dev *dev, struct rte_flow_error *why)
{
	(void)dev;
	(void)why;
	flushed++;
	return 0;
}

static int
isolate(struct rte_eth_dev *dev, int set, struct rte_flow_error *why)
{
	(void)dev;
	(void)why;
	isolated = set;
	return 0;
}

static int
flow_ops_get(struct rte_eth_dev *dev, const struct rte_flow_ops **ops)
{
	(void)dev;
	*ops = &operations;
	return 0;
}

static int
no_flow_ops(struct rte_eth_dev *dev, const struct rte_flow_ops **ops)
{
	(void)dev;
	*ops = NULL;
	return 0;
}

static void
rules_reach_the_driver(void)
{
	const struct rte_flow_attr both = {.ingress = 1, .transfer = 1};
	const uint16_t port = fake_port("fake0");
	struct rte_flow *flow;
	uint16_t proxy = 99;

	operations = (struct rte_flow_ops){.validate = validate, .create = create, .destroy = destroy, .flush = flush,
		.isolate = isolate};
	fake.ops.flow_ops_get = flow_ops_get;
	CHECK_EQ(rte_flow_validate(port, &ingress, pattern, actions, &error), 0);
	flow = rte_flow_create(port, &ingress, pattern, actions, &error);
	CHECK(flow == (struct rte_flow *)&the_rule);
	CHECK_EQ(rte_flow_destroy(port, flow, &error), 0);
	CHECK_EQ(destroyed, 1);
	CHECK_EQ(rte_flow_flush(port, NULL), 0);
	CHECK_EQ(flushed, 1);
	CHECK_EQ(rte_flow_isolate(port, 1, NULL), 0);
	CHECK_EQ(isolated, 1);
	CHECK_EQ(rte_flow_pick_transfer_proxy(port, &proxy, NULL), 0);
	CHECK_EQ(proxy, port);
	/* Refused before the driver is asked. */
	CHECK_EQ(rte_flow_validate(port, &both, pattern, actions, &error), -EINVAL);
	CHECK_EQ(error.type, RTE_FLOW_ERROR_TYPE_ATTR);
	/* The driver's reasons come through. */
	fake.error = 1;
	CHECK(rte_flow_create(port, &ingress, pattern, actions, &error) == NULL);
	CHECK_EQ(rte_errno, EINVAL);
	CHECK_EQ(error.type, RTE_FLOW_ERROR_TYPE_ACTION);
	CHECK(error.cause == actions);
	CHECK_STR(error.message, "no such queue");
	/* That the device is gone explains whatever it said. */
	fake.removed = 1;
	CHECK_EQ(rte_flow_validate(port, &ingress, pattern, actions, &error), -EIO);
	/* Not all drivers have all. */
	CHECK_EQ(rte_flow_query(port, flow, actions, NULL, &error), -ENOSYS);
	CHECK_EQ(rte_flow_get_aged_flows(port, NULL, 0, &error), -ENOTSUP);
	CHECK(rte_flow_action_handle_create(port, NULL, actions, &error) == NULL);
	CHECK_EQ(rte_errno, ENOSYS);
	fake.error = 0;
	fake_remove();
}

static void
where_there_are_no_rules(void)
{
	const uint16_t port = fake_port("fake0");

	for (int i = 0; i < 2; i++) {
		CHECK_EQ(rte_flow_validate(port, &ingress, pattern, actions, &error), -ENOSYS);
		CHECK_EQ(error.type, RTE_FLOW_ERROR_TYPE_UNSPECIFIED);
		CHECK(rte_flow_create(port, &ingress, pattern, actions, NULL) == NULL);
		CHECK_EQ(rte_errno, ENOSYS);
		CHECK_EQ(rte_flow_flush(port, &error), -ENOSYS);
		CHECK_EQ(rte_flow_dev_dump(port, NULL, stdout, &error), -ENOSYS);
		CHECK_EQ(rte_flow_pick_transfer_proxy(port, &(uint16_t){0}, &error), -ENOSYS);
		fake.ops.flow_ops_get = no_flow_ops;
	}
	fake_remove();
	CHECK_EQ(rte_flow_validate(port, &ingress, pattern, actions, &error), -ENODEV);
	CHECK_EQ(rte_flow_isolate(UINT16_MAX, 1, &error), -ENODEV);
	CHECK(rte_flow_create(RTE_MAX_ETHPORTS, &ingress, pattern, actions, NULL) == NULL);
	CHECK_EQ(rte_errno, ENODEV);
}

static void
packets_have_metadata_when_asked(void)
{
	struct rte_mbuf mbuf;

	CHECK_EQ(rte_flow_dynf_metadata_avail(), 0);
	CHECK_EQ(rte_flow_dynf_metadata_register(), 0);
	CHECK_EQ(rte_flow_dynf_metadata_avail(), 1);
	rte_flow_dynf_metadata_set(&mbuf, 0x12345678);
	CHECK_EQ(rte_flow_dynf_metadata_get(&mbuf), 0x12345678);
	CHECK(RTE_MBUF_DYNFLAG_RX_METADATA != 0);
}

int
main(int argc, char **argv)
{
	char *arguments[] = {argc > 0 ? argv[0] : "ethdev_flow_test", "--no-huge", "--no-pci", "-m", "32", NULL};

	if (rte_eal_init(5, arguments) < 0)
		return 1;
	RUN(rules_reach_the_driver);
	RUN(where_there_are_no_rules);
	RUN(packets_have_metadata_when_asked);
	rte_eal_cleanup();
	return check_summary();
}
