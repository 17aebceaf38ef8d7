/* The allocator of the JavaScript engine: libc's, with an account of what is held and a limit to it.
 *
 * What a block costs is a function of the size that was asked for and of nothing else, so the same script meets the
 * limit at the same place on every zygote, whatever is left free in libc's heap. A refusal ends the process at once:
 * no JavaScript runs after it, so no script can catch it, count it, or make a result of it.
 *
 * Freestanding code without data of its own: scripts/allocator.py compiles it to the bytes in machine_code.py, which are
 * mapped at any address. Each block has its size in the eight bytes before it, and is aligned to eight, which is all
 * that the engine's types ask for.
 */

typedef __SIZE_TYPE__ size_t;

struct heap {
    size_t used, limit;
    void *(*malloc)(size_t size);
    void *(*calloc)(size_t count, size_t size);
    void *(*realloc)(void *block, size_t size);
    void (*free)(void *block);
    size_t exit_status;
};

#define HEADER sizeof(size_t)
#define LARGEST ((size_t)1 << 47) /* more than a process can have; what is smaller cannot overflow below */

__attribute__((noreturn)) static void leave(size_t status)
{
#if defined(__x86_64__)
    for (;;)
        __asm__ volatile("syscall" : : "a"(231), "D"(status) : "rcx", "r11", "memory");
#elif defined(__aarch64__)
    register size_t number __asm__("x8") = 94, argument __asm__("x0") = status;
    for (;;)
        __asm__ volatile("svc 0" : : "r"(number), "r"(argument) : "memory");
#endif
}

/* What glibc takes for a block: its own eight bytes and ours, in multiples of 16, and 32 at least. */
static size_t cost(size_t size)
{
    size_t taken = (size + HEADER + 8 + 15) & ~(size_t)15;
    return taken < 32 ? 32 : taken;
}

static size_t *header(const void *block)
{
    return (size_t *)block - 1;
}

/* What is held once a block of this size has taken the place of one that costs `freed`, if that may be. */
static size_t held(const struct heap *heap, size_t size, size_t freed)
{
    size_t used = heap->used - freed;
    if (size > LARGEST || (used += cost(size)) > heap->limit)
        leave(heap->exit_status);
    return used;
}

static void *block(struct heap *heap, size_t *start, size_t size, size_t used)
{
    if (!start)
        leave(heap->exit_status);
    heap->used = used;
    *start = size;
    return start + 1;
}

void *allocator_malloc(struct heap *heap, size_t size)
{
    size_t used = held(heap, size, 0);
    return block(heap, heap->malloc(size + HEADER), size, used);
}

void *allocator_calloc(struct heap *heap, size_t count, size_t each)
{
    size_t size, used;
    if (__builtin_mul_overflow(count, each, &size))
        leave(heap->exit_status);
    used = held(heap, size, 0);
    return block(heap, heap->calloc(1, size + HEADER), size, used);
}

void allocator_free(struct heap *heap, void *freed)
{
    if (!freed)
        return;
    heap->used -= cost(*header(freed));
    heap->free(header(freed));
}

void *allocator_realloc(struct heap *heap, void *old, size_t size)
{
    size_t *start = old ? header(old) : 0;
    size_t used = held(heap, size, start ? cost(*start) : 0);
    return block(heap, heap->realloc(start, size + HEADER), size, used);
}

size_t allocator_size(const void *asked)
{
    return asked ? *header(asked) : 0;
}
