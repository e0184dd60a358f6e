/* SPDX-License-Identifier: BSD-3-Clause
 *
 * Who wants to hear of devices that come and go, and walks over devices by description.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bus_driver.h>
#include <dev_driver.h>
#include <rte_class.h>
#include <rte_errno.h>
#include <rte_log.h>
#include <rte_spinlock.h>
#include <rte_tailq.h>

/* ---- Events ---- */

struct listener {
	RTE_TAILQ_ENTRY(listener) next;
	rte_dev_event_cb_fn function;
	void *argument;
	char *device;  /* NULL: every device */
	int running;   /* calls under way: then it stays on the list */
};

static RTE_TAILQ_HEAD(, listener) listeners = TAILQ_HEAD_INITIALIZER(listeners);
/* Guards the list, not the calls: a callback may register and unregister others. */
static rte_spinlock_t lock = RTE_SPINLOCK_INITIALIZER;

static int
same_device(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

int
rte_dev_event_callback_register(const char *device_name, rte_dev_event_cb_fn cb_fn, void *cb_arg)
{
	struct listener *fresh, *other;

	if (cb_fn == NULL)
		return -EINVAL;
	fresh = calloc(1, sizeof(*fresh));
	if (fresh != NULL && device_name != NULL)
		fresh->device = strdup(device_name);
	if (fresh == NULL || (device_name != NULL && fresh->device == NULL)) {
		free(fresh);
		return -ENOMEM;
	}
	fresh->function = cb_fn;
	fresh->argument = cb_arg;
	rte_spinlock_lock(&lock);
	TAILQ_FOREACH(other, &listeners, next)
		if (other->function == cb_fn && other->argument == cb_arg && same_device(other->device, device_name))
			break;
	if (other == NULL)
		TAILQ_INSERT_TAIL(&listeners, fresh, next);
	rte_spinlock_unlock(&lock);
	if (other == NULL)
		return 0;
	free(fresh->device);
	free(fresh);
	return -EEXIST;
}

int
rte_dev_event_callback_unregister(const char *device_name, rte_dev_event_cb_fn cb_fn, void *cb_arg)
{
	struct listener *one, *following;
	int removed = 0, running = 0;

	if (cb_fn == NULL)
		return -EINVAL;
	rte_spinlock_lock(&lock);
	for (one = TAILQ_FIRST(&listeners); one != NULL; one = following) {
		following = TAILQ_NEXT(one, next);
		if (one->function != cb_fn || (one->argument != cb_arg && cb_arg != (void *)-1) ||
				!same_device(one->device, device_name))
			continue;
		if (one->running > 0) {
			running++;
			continue;
		}
		TAILQ_REMOVE(&listeners, one, next);
		free(one->device);
		free(one);
		removed++;
	}
	rte_spinlock_unlock(&lock);
	if (running > 0)
		return -EAGAIN;
	return removed > 0 ? removed : -ENOENT;
}

void
rte_dev_event_callback_process(const char *device_name, enum rte_dev_event_type event)
{
	struct listener *one;

	if (device_name == NULL)
		return;
	rte_spinlock_lock(&lock);
	TAILQ_FOREACH(one, &listeners, next) {
		if (one->device != NULL && strcmp(one->device, device_name) != 0)
			continue;
		one->running++;
		rte_spinlock_unlock(&lock);
		one->function(device_name, event, one->argument);
		rte_spinlock_lock(&lock);
		one->running--;
	}
	rte_spinlock_unlock(&lock);
}

/* ---- Walks ---- */

/* The value of the layer's first key, which names it, when that key is `key`: 0, -1 when it is another, or a negative errno. */
static int
layer_is(const char *layer, size_t length, const char *key, char *value, size_t size)
{
	const size_t key_length = strlen(key);
	size_t value_length;

	if (length <= key_length || strncmp(layer, key, key_length) != 0 || layer[key_length] != '=')
		return -1;
	value_length = strcspn(layer + key_length + 1, ",/");
	if (value_length == 0 || value_length >= size)
		return -EINVAL;
	memcpy(value, layer + key_length + 1, value_length);
	value[value_length] = '\0';
	return 0;
}

/* Behind the layer's name: what the bus or class is to look at. The text goes on to the end of the whole description. */
static const char *
layer_arguments(const char *layer, size_t length)
{
	const char *comma = memchr(layer, ',', length);

	return comma != NULL ? comma + 1 : layer + length;
}

static int
take_layer(struct rte_dev_iterator *it, const char *layer, size_t length)
{
	char name[RTE_DEV_NAME_MAX_LEN];
	int is_bus = layer_is(layer, length, "bus", name, sizeof(name));

	if (is_bus == 0) {
		it->bus = rte_bus_find_by_name(name);
		it->bus_str = layer_arguments(layer, length);
		return it->bus == NULL ? -EFAULT : it->bus->dev_iterate == NULL ? -ENOTSUP : 0;
	}
	if (layer_is(layer, length, "class", name, sizeof(name)) == 0) {
		it->cls = rte_class_find_by_name(name);
		it->cls_str = layer_arguments(layer, length);
		return it->cls == NULL ? -EFAULT : it->cls->dev_iterate == NULL ? -ENOTSUP : 0;
	}
	return layer_is(layer, length, "driver", name, sizeof(name)) == 0 ? 0 : -EINVAL;
}

int
rte_dev_iterator_init(struct rte_dev_iterator *it, const char *dev_str)
{
	const char *layer = dev_str;
	int error = 0;

	if (it == NULL || dev_str == NULL)
		return -EINVAL;
	memset(it, 0, sizeof(*it));
	it->dev_str = dev_str;
	while (error == 0) {
		const size_t length = strcspn(layer, "/");

		error = take_layer(it, layer, length);
		if (layer[length] == '\0')
			break;
		layer += length + 1;
	}
	if (error == 0 && it->bus == NULL && it->cls == NULL)
		error = -EINVAL;
	if (error != 0) {
		RTE_LOG(ERR, EAL, "'%s' describes no devices: bus=NAME,.../class=NAME,... with a bus and class there are does\n",
			dev_str);
		memset(it, 0, sizeof(*it));
	}
	return error;
}

/* Arguments end where their layer does; a bus or class gets them alone. NULL without memory. */
static char *
own_arguments(const char *arguments)
{
	const size_t length = arguments == NULL ? 0 : strcspn(arguments, "/");
	char *text = malloc(length + 1);

	if (text != NULL) {
		if (length > 0)
			memcpy(text, arguments, length);
		text[length] = '\0';
	}
	return text;
}

static int
cannot_be_walked(const struct rte_bus *bus, const void *data)
{
	RTE_SET_USED(data);
	return bus->dev_iterate == NULL;
}

/* The next device of the bus that was named; without a name, of all buses in turn. */
static struct rte_device *
next_on_buses(struct rte_dev_iterator *it, const char *arguments)
{
	if (it->bus == NULL)
		it->bus = rte_bus_find(NULL, cannot_be_walked, NULL);
	while (it->bus != NULL) {
		it->device = it->bus->dev_iterate(it->device, arguments, it);
		if (it->device != NULL)
			return it->device;
		it->bus = it->bus_str != NULL ? NULL : rte_bus_find(it->bus, cannot_be_walked, NULL);
	}
	return NULL;
}

/* With a class, a device comes once for each of its objects that match. */
static struct rte_device *
next_device(struct rte_dev_iterator *it, const char *bus_arguments, const char *class_arguments)
{
	for (;;) {
		if (it->class_device == NULL && next_on_buses(it, bus_arguments) == NULL)
			return NULL;
		if (it->cls == NULL)
			return it->device;
		it->class_device = it->cls->dev_iterate(it->class_device, class_arguments, it);
		if (it->class_device != NULL)
			return it->device;
	}
}

struct rte_device *
rte_dev_iterator_next(struct rte_dev_iterator *it)
{
	struct rte_device *found = NULL;
	char *bus_arguments, *class_arguments;

	if (it == NULL || (it->bus == NULL && it->cls == NULL))
		return NULL;
	bus_arguments = own_arguments(it->bus_str);
	class_arguments = own_arguments(it->cls_str);
	if (bus_arguments != NULL && class_arguments != NULL)
		found = next_device(it, bus_arguments, class_arguments);
	else
		rte_errno = ENOMEM;
	if (found == NULL)
		memset(it, 0, sizeof(*it));
	free(bus_arguments);
	free(class_arguments);
	return found;
}

/* ---- DMA ---- */

int
rte_dev_dma_map(struct rte_device *dev, void *addr, uint64_t iova, size_t len)
{
	if (dev == NULL || dev->bus == NULL || dev->bus->dma_map == NULL || len == 0) {
		rte_errno = ENOTSUP;
		return -1;
	}
	return dev->bus->dma_map(dev, addr, iova, len);
}

int
rte_dev_dma_unmap(struct rte_device *dev, void *addr, uint64_t iova, size_t len)
{
	if (dev == NULL || dev->bus == NULL || dev->bus->dma_unmap == NULL || len == 0) {
		rte_errno = ENOTSUP;
		return -1;
	}
	return dev->bus->dma_unmap(dev, addr, iova, len);
}
