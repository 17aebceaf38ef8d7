/* The allocator of the JavaScript engine: an arena and behind it libc's, with an account of what is held and a limit.
 *
 * What a block costs is a function of the size that was asked for and of nothing else, so the same script meets the
 * limit at the same place on every zygote, whatever is left free in the arena or in libc's heap. A refusal ends the
 * process at once: no JavaScript runs after it, so no script can catch it, count it, or make a result of it.
 *
 * The arena is one region of memory, which the zygote maps. All that the engine knows is in it, so a copy of its used
 * part (the snapshot) and of `struct blocks` is enough to return the engine to the moment of the copy: `allocator_restore`.
 * Once a block had to come from libc, that is impossible, for libc's heap is not copied: the heap is spilled for good.
 *
 * Slots of the arena have the sizes of a fixed number of classes: multiples of 16 up to 512, then eight to a doubling, so
 * a slot exceeds its block by an eighth at most. A freed slot serves later blocks of its class only. Slots that were never
 * used are zero: the kernel provides them so, and a restore leaves them so.
 *
 * Freestanding code without data of its own: scripts/allocator.py compiles it to the bytes in machine_code.py, which are
 * mapped at any address. Each block has its size and its class in the eight bytes before it. A block of the arena is
 * aligned to 16, one of libc's to 8, which is all that the engine's types ask for.
 */

typedef __SIZE_TYPE__ size_t;

#define UNIT ((size_t)16)
#define SMALL_CLASSES 32   /* one for each multiple of UNIT up to 512 */
#define PER_DOUBLING 8
#define DOUBLINGS 14       /* from 512 to 8 MiB */
#define CLASSES (SMALL_CLASSES + PER_DOUBLING * DOUBLINGS)
#define LIBC CLASSES       /* the class of the blocks that are libc's */
#define LARGEST_SLOT ((size_t)512 << DOUBLINGS)

struct slot {
    size_t header;
    struct slot *next; /* of the free ones of its class; a block begins here */
};

struct blocks {
    size_t used;
    char *unused; /* the end of the part of the arena that was ever used */
    struct slot *free[CLASSES];
};

struct heap {
    struct blocks now, then; /* then: at the snapshot */
    size_t limit;
    void *(*malloc)(size_t size);
    void *(*calloc)(size_t count, size_t size);
    void *(*realloc)(void *block, size_t size);
    void (*free)(void *block);
    int (*memcmp)(const void *one, const void *other, size_t size);
    void *(*memcpy)(void *to, const void *from, size_t size);
    void *(*memset)(void *start, int byte, size_t size);
    size_t exit_status;
    char *arena, *arena_end;
    const char *snapshot; /* a copy of the arena's start */
    size_t snapshot_size; /* in whole pages of the kernel's; 0 without a snapshot */
    size_t is_spilled;
    size_t page_size; /* the kernel's */
};

#define HEADER sizeof(size_t)
#define LARGEST ((size_t)1 << 47) /* more than a process can have; what is smaller cannot overflow below */
#define CLASS_SHIFT 48
#define AT_ONCE ((size_t)4096)       /* compared: the smallest page */
#define COPIED ((size_t)1 << 20)     /* of the snapshot, at most; the engine's runtime, its globals and the prelude are there */
#define ZEROED ((size_t)512 << 10)   /* beyond the snapshot, at most */

static long system_call(size_t number, size_t first, size_t second, size_t third)
{
#if defined(__x86_64__)
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(first), "S"(second), "d"(third) : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register size_t x8 __asm__("x8") = number, x0 __asm__("x0") = first, x1 __asm__("x1") = second, x2 __asm__("x2") = third;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
    return (long)x0;
#endif
}

#if defined(__x86_64__)
#define EXIT_GROUP 231
#define MADVISE 28
#elif defined(__aarch64__)
#define EXIT_GROUP 94
#define MADVISE 233
#endif
#define MADV_DONTNEED 4

__attribute__((noreturn)) static void leave(size_t status)
{
    for (;;)
        system_call(EXIT_GROUP, status, 0, 0);
}

/* What glibc takes for a block: its own eight bytes and ours, in multiples of 16, and 32 at least. */
static size_t cost(size_t size)
{
    size_t taken = (size + HEADER + 8 + 15) & ~(size_t)15;
    return taken < 32 ? 32 : taken;
}

static struct slot *slot_of(const void *block)
{
    return (struct slot *)((char *)block - HEADER);
}

static void *block_of(struct slot *slot)
{
    return (char *)slot + HEADER;
}

static size_t size_of(const struct slot *slot)
{
    return slot->header & (((size_t)1 << CLASS_SHIFT) - 1);
}

static size_t class_of(const struct slot *slot)
{
    return slot->header >> CLASS_SHIFT;
}

/* The class of the slots for blocks of that size; LIBC if there is none. */
static size_t class_for(size_t size)
{
    size_t units = (size + HEADER - 1) / UNIT; /* one less than it takes */
    size_t doubling;
    if (units < SMALL_CLASSES)
        return units;
    if (size > LARGEST_SLOT - HEADER)
        return LIBC;
    doubling = 63 - __builtin_clzl(units) - 5;
    return SMALL_CLASSES + PER_DOUBLING * doubling + (units >> (doubling + 2)) - PER_DOUBLING;
}

static size_t slot_size(size_t class)
{
    size_t beyond = class - SMALL_CLASSES;
    if (class < SMALL_CLASSES)
        return (class + 1) * UNIT;
    return (PER_DOUBLING + beyond % PER_DOUBLING + 1) * UNIT << (beyond / PER_DOUBLING + 2);
}

/* What is held once a block of this size has taken the place of one that costs `freed`, if that may be. */
static size_t held(const struct heap *heap, size_t size, size_t freed)
{
    size_t used = heap->now.used - freed;
    if (size > LARGEST || (used += cost(size)) > heap->limit)
        leave(heap->exit_status);
    return used;
}

static void *block(struct heap *heap, struct slot *slot, size_t class, size_t size, size_t used)
{
    if (!slot)
        leave(heap->exit_status);
    heap->now.used = used;
    slot->header = class << CLASS_SHIFT | size;
    return block_of(slot);
}

/* A free slot of the class that was used before, null if there is none. */
static struct slot *reused(struct heap *heap, size_t class)
{
    struct slot *slot = class == LIBC ? 0 : heap->now.free[class];
    if (slot)
        heap->now.free[class] = slot->next;
    return slot;
}

/* A slot of the class that was never used and is zero, null if the arena has no room for it. */
static struct slot *fresh(struct heap *heap, size_t class)
{
    char *slot = heap->now.unused;
    if (class == LIBC || (size_t)(heap->arena_end - slot) < slot_size(class))
        return 0;
    heap->now.unused += slot_size(class);
    return (struct slot *)slot;
}

static void release(struct heap *heap, struct slot *slot)
{
    size_t class = class_of(slot);
    if (class == LIBC) {
        heap->free(slot);
        return;
    }
    slot->next = heap->now.free[class];
    heap->now.free[class] = slot;
}

void *allocator_malloc(struct heap *heap, size_t size)
{
    size_t used = held(heap, size, 0), class = class_for(size);
    struct slot *slot = reused(heap, class);
    if (!slot && !(slot = fresh(heap, class))) {
        class = LIBC;
        heap->is_spilled = 1;
        slot = heap->malloc(size + HEADER);
    }
    return block(heap, slot, class, size, used);
}

void *allocator_calloc(struct heap *heap, size_t count, size_t each)
{
    size_t size, used, class;
    struct slot *slot;
    if (__builtin_mul_overflow(count, each, &size))
        leave(heap->exit_status);
    used = held(heap, size, 0);
    class = class_for(size);
    if ((slot = reused(heap, class)))
        heap->memset(block_of(slot), 0, size);
    else if (!(slot = fresh(heap, class))) {
        class = LIBC;
        heap->is_spilled = 1;
        slot = heap->calloc(1, size + HEADER);
    }
    return block(heap, slot, class, size, used);
}

void allocator_free(struct heap *heap, void *freed)
{
    if (!freed)
        return;
    heap->now.used -= cost(size_of(slot_of(freed)));
    release(heap, slot_of(freed));
}

/* Whether the slot, of the class `old`, can hold a block of another class: nothing is wasted beyond half of it, and the
 * last slot of the arena grows. */
static int fits(struct heap *heap, struct slot *slot, size_t old, size_t class)
{
    size_t size = slot_size(old), wanted;
    if (class == LIBC)
        return 0;
    wanted = slot_size(class);
    if (wanted <= size)
        return size <= 2 * wanted;
    if ((char *)slot + size != heap->now.unused || (size_t)(heap->arena_end - (char *)slot) < wanted)
        return 0;
    heap->now.unused = (char *)slot + wanted;
    return 1;
}

void *allocator_realloc(struct heap *heap, void *old, size_t size)
{
    size_t used, class, old_class, old_size;
    struct slot *slot;
    void *moved;
    if (!old)
        return allocator_malloc(heap, size);
    slot = slot_of(old);
    old_class = class_of(slot);
    old_size = size_of(slot);
    used = held(heap, size, cost(old_size));
    if (old_class == LIBC)
        return block(heap, heap->realloc(slot, size + HEADER), LIBC, size, used);
    class = class_for(size);
    if (fits(heap, slot, old_class, class))
        return block(heap, slot, class > old_class ? class : old_class, size, used);
    heap->now.used = used - cost(size); /* for the account is exact, and both blocks are never held by the script */
    moved = allocator_malloc(heap, size);
    heap->memcpy(moved, old, size < old_size ? size : old_size);
    release(heap, slot);
    return moved;
}

size_t allocator_size(const void *asked)
{
    return asked ? size_of(slot_of(asked)) : 0;
}

/* Have the kernel drop the pages from `start` to `end`. Returns whether it did. */
static int drop(char *start, char *end)
{
    return start >= end || !system_call(MADVISE, (size_t)start, end - start, MADV_DONTNEED);
}

/* Return the start of the arena to the snapshot's bytes. Pages that do not differ are only read, so they stay shared with the
 * zygote, and those that do stay mapped for the next run, which writes to the same ones. */
static char *copy_back(struct heap *heap)
{
    size_t size = heap->snapshot_size < COPIED ? heap->snapshot_size : COPIED;
    for (size_t at = 0; at < size; at += AT_ONCE)
        if (heap->memcmp(heap->arena + at, heap->snapshot + at, AT_ONCE))
            heap->memcpy(heap->arena + at, heap->snapshot + at, AT_ONCE);
    return heap->arena + size;
}

/* Zero the start of what was used beyond the snapshot. */
static char *zero(struct heap *heap, char *start)
{
    size_t size;
    if (heap->now.unused <= start)
        return start;
    size = (heap->now.unused - start + heap->page_size - 1) & ~(heap->page_size - 1);
    if (size > ZEROED)
        size = ZEROED;
    heap->memset(start, 0, size);
    return start + size;
}

/* Return the heap to the snapshot, byte for byte, but for the limit. The arena is a private mapping of the snapshot, with
 * anonymous memory behind it: once the kernel has dropped a page, the snapshot's bytes or zeros are found there again. It
 * drops every page but those at the start of either part, which every run uses: to write them here costs less than to have
 * them mapped again. Returns 0 if the heap has no snapshot or is spilled, or the kernel refuses. */
size_t allocator_restore(struct heap *heap)
{
    char *behind = heap->arena + heap->snapshot_size;
    if (!heap->snapshot_size || heap->is_spilled)
        return 0;
    if (!drop(copy_back(heap), behind) || !drop(zero(heap, behind), heap->arena_end))
        return 0;
    heap->now.used = heap->then.used;
    heap->now.unused = heap->then.unused;
    for (size_t class = 0; class < CLASSES; class++)
        heap->now.free[class] = heap->then.free[class];
    return 1;
}
