/* The workloads of workload.py as a C event loop: what one core can do.

   The network, the rules and the five measures are those of lean_simpy.py; so is the order of what happens, but for
   demands of several stores at the same instant, which come in whatever order the heap leaves them. A binary heap of
   16-byte events in one array, one customer event for each store (the top is replaced, not popped and pushed), sites in
   one array, and its own random numbers: xoshiro256++ (Blackman & Vigna 2021), the exponential by inversion, Poisson by
   inversion through a guide table (Devroye 1986, III.2.4), gamma by Marsaglia & Tsang (2000). Weeks and the warm-up are
   boundaries of the loop, not events. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct { /* as in c_loop.py */
    int64_t dcs, stores_per_dc, daily, store_s, store_q, dc_s, dc_q, size_low, size_high;
    double daily_mean, gap, stops, warm_up, bucket, store_lead_time, dc_lead_time, lead_time_cv;
} Model;

typedef struct { double fill_rate, on_hand, store_orders, dc_orders, order_variance_ratio; } Measures;

/* random numbers */

typedef struct { uint64_t s[4]; } Random;

static inline uint64_t rotl(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

static inline uint64_t bits(Random *r) {
    uint64_t *s = r->s, result = rotl(s[0] + s[3], 23) + s[0], t = s[1] << 17;
    s[2] ^= s[0]; s[3] ^= s[1]; s[1] ^= s[2]; s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 45);
    return result;
}

static void seed_random(Random *r, uint64_t seed) { /* splitmix64, as its authors advise */
    for (int i = 0; i < 4; i++) {
        uint64_t z = (seed += 0x9e3779b97f4a7c15u);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        r->s[i] = z ^ (z >> 31);
    }
}

static inline double uniform(Random *r) { return (double)(bits(r) >> 11) * 0x1p-53; } /* [0, 1) */

static inline double exponential(Random *r, double mean) { return -mean * log(1.0 - uniform(r)); }

static inline int64_t whole(Random *r, int64_t low, int64_t high) { /* all equally likely, but for 2^-62 */
    return low + (int64_t)(((unsigned __int128)bits(r) * (uint64_t)(high - low + 1)) >> 64);
}

static double normal(Random *r) { /* polar method */
    double u, v, q;
    do {
        u = 2.0 * uniform(r) - 1.0;
        v = 2.0 * uniform(r) - 1.0;
        q = u * u + v * v;
    } while (q >= 1.0 || q == 0.0);
    return u * sqrt(-2.0 * log(q) / q);
}

static double gamma_variate(Random *r, double mean, double cv) { /* for a shape 1/cv^2 of at least 1 */
    double shape = 1.0 / (cv * cv), d = shape - 1.0 / 3.0, c = 1.0 / sqrt(9.0 * d);
    for (;;) {
        double x = normal(r), v = 1.0 + c * x;
        if (v <= 0.0) continue;
        v = v * v * v;
        if (log(1.0 - uniform(r)) < 0.5 * x * x + d - d * v + d * log(v)) return mean / shape * d * v;
    }
}

#define GUIDES 256
#define POISSON_MOST 512

typedef struct { double up_to[POISSON_MOST]; int16_t first[GUIDES]; } Poisson;

static void make_poisson(Poisson *p, double mean) {
    double probability = exp(-mean), sum = 0.0;
    for (int k = 0; k < POISSON_MOST; k++) {
        sum += probability;
        p->up_to[k] = sum;
        probability *= mean / (k + 1);
    }
    p->up_to[POISSON_MOST - 1] = 1.0;
    for (int g = 0, k = 0; g < GUIDES; g++) {
        while (p->up_to[k] <= (double)g / GUIDES) k++;
        p->first[g] = (int16_t)k;
    }
}

static inline int64_t poisson(Random *r, const Poisson *p) {
    double u = uniform(r);
    int k = p->first[(int)(u * GUIDES)];
    while (u >= p->up_to[k]) k++;
    return k;
}

/* the future: a binary heap, with an infinite event after the last so that every node has two children */

typedef struct { double time; int32_t site, quantity; } Event; /* quantity 0: a customer; otherwise a receipt */

typedef struct { Event *events; int64_t n, room; } Heap;

static void *or_stop(void *p) { if (!p) abort(); return p; }

static inline void sift_down(Heap *h) {
    Event *e = h->events, moved = e[0];
    int64_t i = 0, child, n = h->n;
    while ((child = 2 * i + 1) < n) {
        child += e[child + 1].time < e[child].time;
        if (moved.time <= e[child].time) break;
        e[i] = e[child];
        i = child;
    }
    e[i] = moved;
}

static inline void push(Heap *h, Event event) {
    if (h->n + 1 >= h->room) {
        h->room *= 2;
        h->events = or_stop(realloc(h->events, (size_t)h->room * sizeof(Event)));
    }
    Event *e = h->events;
    int64_t i = h->n++;
    while (i > 0 && event.time < e[(i - 1) / 2].time) {
        e[i] = e[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    e[i] = event;
    e[h->n].time = INFINITY;
}

static inline void pop(Heap *h) {
    h->events[0] = h->events[--h->n];
    h->events[h->n].time = INFINITY;
    sift_down(h);
}

/* the network: DCs first, then stores, in one array */

typedef struct {
    double since, on_hand_time;
    int64_t on_hand, position, owed, demanded, missed, orders, ordered;
    int32_t dc, pad;
} Site;

typedef struct { int32_t store, quantity; } Request;

typedef struct { Request *requests; int64_t head, n, room; } Queue; /* a ring; room is a power of two */

typedef struct {
    const Model *m;
    Random random;
    Poisson *daily;
    Heap heap;
    Site *sites;
    Queue *queues;
    int64_t n_sites;
} Network;

static inline void advance(Site *site, double now) {
    site->on_hand_time += (double)site->on_hand * (now - site->since);
    site->since = now;
}

static int64_t order(Site *site, int64_t s, int64_t q) { /* whole q, as many as bring the position above s */
    int64_t quantity = ((s - site->position) / q + 1) * q;
    site->position += quantity;
    site->orders++;
    site->ordered += quantity;
    return quantity;
}

static void ask(Queue *queue, Request request) {
    if (queue->n == queue->room) {
        Request *larger = or_stop(malloc((size_t)queue->room * 2 * sizeof(Request)));
        for (int64_t i = 0; i < queue->n; i++) larger[i] = queue->requests[(queue->head + i) & (queue->room - 1)];
        free(queue->requests);
        queue->requests = larger;
        queue->head = 0;
        queue->room *= 2;
    }
    queue->requests[(queue->head + queue->n++) & (queue->room - 1)] = request;
}

static void dispatch(Network *w, int32_t dc, double now) { /* whole orders, until one must wait */
    Site *site = &w->sites[dc];
    Queue *queue = &w->queues[dc];
    advance(site, now);
    while (queue->n) {
        Request next = queue->requests[queue->head];
        if (next.quantity > site->on_hand) break;
        queue->head = (queue->head + 1) & (queue->room - 1);
        queue->n--;
        site->on_hand -= next.quantity;
        double lead_time = gamma_variate(&w->random, w->m->store_lead_time, w->m->lead_time_cv);
        push(&w->heap, (Event){now + lead_time, next.store, next.quantity});
    }
}

static void request(Network *w, int32_t store, int64_t quantity, double now) {
    int32_t dc = w->sites[store].dc;
    Site *site = &w->sites[dc];
    ask(&w->queues[dc], (Request){store, (int32_t)quantity});
    site->position -= quantity;
    if (site->position <= w->m->dc_s) {
        int64_t ordered = order(site, w->m->dc_s, w->m->dc_q);
        double lead_time = gamma_variate(&w->random, w->m->dc_lead_time, w->m->lead_time_cv);
        push(&w->heap, (Event){now + lead_time, dc, (int32_t)ordered});
    }
    dispatch(w, dc, now);
}

static inline void sell(Network *w, int32_t store, int64_t quantity, double now) {
    Site *site = &w->sites[store];
    advance(site, now);
    site->demanded += quantity;
    site->position -= quantity;
    int64_t missed = quantity > site->on_hand ? quantity - site->on_hand : 0;
    site->on_hand -= quantity - missed;
    site->missed += missed;
    site->owed += missed;
    if (site->position <= w->m->store_s) request(w, store, order(site, w->m->store_s, w->m->store_q), now);
}

static void receive(Network *w, Event event) {
    Site *site = &w->sites[event.site];
    advance(site, event.time);
    int64_t backfilled = event.quantity < site->owed ? event.quantity : site->owed; /* a DC owes nothing by this count */
    site->owed -= backfilled;
    site->on_hand += event.quantity - backfilled;
    if (event.site < w->m->dcs) dispatch(w, event.site, event.time);
}

static void run_until(Network *w, double end) { /* everything before `end` */
    const Model *m = w->m;
    Heap *heap = &w->heap;
    for (;;) {
        Event event = heap->events[0];
        if (event.time >= end) return;
        if (event.quantity) {
            pop(heap);
            receive(w, event);
        } else if (m->daily) {
            sell(w, event.site, poisson(&w->random, w->daily), event.time);
            heap->events[0].time = event.time + 1.0; /* still on top: nothing pushed meanwhile is earlier */
            sift_down(heap);
        } else {
            sell(w, event.site, whole(&w->random, m->size_low, m->size_high), event.time);
            heap->events[0].time = event.time + exponential(&w->random, m->gap);
            sift_down(heap);
        }
    }
}

/* a replication */

static void begin(Network *w, const Model *m, uint64_t seed) {
    memset(w, 0, sizeof *w);
    int64_t stores = m->dcs * m->stores_per_dc;
    w->m = m;
    w->n_sites = m->dcs + stores;
    w->sites = or_stop(calloc((size_t)w->n_sites, sizeof(Site)));
    w->queues = or_stop(calloc((size_t)m->dcs, sizeof(Queue)));
    w->daily = or_stop(malloc(sizeof(Poisson)));
    w->heap.room = 2 * w->n_sites + 2;
    w->heap.events = or_stop(malloc((size_t)w->heap.room * sizeof(Event)));
    seed_random(&w->random, seed);
    make_poisson(w->daily, m->daily_mean);
    for (int64_t i = 0; i < m->dcs; i++) {
        w->sites[i].on_hand = w->sites[i].position = m->dc_s + m->dc_q;
        w->queues[i].room = 16;
        w->queues[i].requests = or_stop(malloc(16 * sizeof(Request)));
    }
    for (int64_t i = 0; i < stores; i++) {
        int32_t store = (int32_t)(m->dcs + i);
        w->sites[store].on_hand = w->sites[store].position = m->store_s + m->store_q;
        w->sites[store].dc = (int32_t)(i / m->stores_per_dc);
        push(&w->heap, (Event){m->daily ? 0.0 : exponential(&w->random, m->gap), store, 0});
    }
}

static void end(Network *w) {
    for (int64_t i = 0; i < w->m->dcs; i++) free(w->queues[i].requests);
    free(w->queues);
    free(w->sites);
    free(w->daily);
    free(w->heap.events);
}

typedef struct { double demanded, missed, ordered; } Totals;

static Totals totals(const Network *w) {
    Totals t = {0};
    for (int64_t i = 0; i < w->n_sites; i++) {
        const Site *site = &w->sites[i];
        if (i < w->m->dcs) t.ordered += (double)site->ordered;
        t.demanded += (double)site->demanded;
        t.missed += (double)site->missed;
    }
    return t;
}

typedef struct { double n, mean, squares; } Spread; /* Welford */

static void add(Spread *s, double x) {
    double off = x - s->mean;
    s->n += 1.0;
    s->mean += off / s->n;
    s->squares += off * (x - s->mean);
}

void simulate(const Model *m, uint64_t seed, Measures *found) {
    Network w;
    begin(&w, m, seed);
    run_until(&w, m->warm_up);
    for (int64_t i = 0; i < w.n_sites; i++) {
        w.sites[i].since = m->warm_up;
        w.sites[i].on_hand_time = 0.0;
        w.sites[i].orders = 0;
    }
    Totals before = totals(&w), last = before;
    Spread sold = {0}, ordered = {0};
    for (double week = m->warm_up + m->bucket; week < m->stops; week += m->bucket) {
        run_until(&w, week);
        Totals now = totals(&w);
        add(&sold, now.demanded - last.demanded);
        add(&ordered, now.ordered - last.ordered);
        last = now;
    }
    run_until(&w, m->stops);
    Totals after = totals(&w);
    *found = (Measures){0};
    for (int64_t i = 0; i < w.n_sites; i++) {
        if (i < m->dcs) {
            found->dc_orders += (double)w.sites[i].orders;
            continue;
        }
        advance(&w.sites[i], m->stops);
        found->on_hand += w.sites[i].on_hand_time;
        found->store_orders += (double)w.sites[i].orders;
    }
    found->fill_rate = 1.0 - (after.missed - before.missed) / (after.demanded - before.demanded);
    found->on_hand /= (double)(w.n_sites - m->dcs) * (m->stops - m->warm_up);
    found->order_variance_ratio = ordered.squares / sold.squares;
    end(&w);
}
