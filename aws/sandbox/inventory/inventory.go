// Package inventory is what S3 Inventory does with the configurations of
// buckets: lists of all versions, delivered late, unsorted and in files, to
// where the policy of the destination lets them (S3 User Guide, Amazon S3
// Inventory).
package inventory

import (
	"hash/fnv"
	"math/rand/v2"
	"sync"
	"time"

	"bothways/aws/sandbox/iam"
	"bothways/aws/sandbox/notify"
	"bothways/aws/sandbox/replicate"
	"bothways/aws/sandbox/store"
)

// Config is what a deliverer works with. Store, Engine, Accounts and Scale are
// needed.
type Config struct {
	Store    *store.Store
	Engine   *replicate.Engine // replicates what is delivered to a bucket with rules
	Accounts *iam.Accounts
	Notices  *notify.Log
	Seed     uint64
	// Scale divides all delays.
	Scale float64
	// Lag is how long before a scan something may have been written that the
	// list does not have yet; half of such versions are left out. It is scaled.
	Lag time.Duration
	// FileRows is how many rows a file of a list has at most; 0 means 100,000.
	// AWS does not document how it cuts lists into files.
	FileRows int
}

// Deliverer delivers the lists of all buckets. Its methods are safe for
// concurrent use. It has no goroutine while nothing is due.
type Deliverer struct {
	Config

	running sync.Mutex // held while a list is written

	mu     sync.Mutex
	plans  map[*store.Bucket]map[string]*plan // by configuration id
	closed bool
}

// plan is one configuration with its next delivery.
type plan struct {
	document []byte
	due      time.Time
	number   uint64 // of the deliveries so far
	removed  bool
	timer    *time.Timer
}

// New makes a deliverer.
func New(c Config) *Deliverer {
	if c.FileRows == 0 {
		c.FileRows = 100_000
	}
	return &Deliverer{Config: c, plans: map[*store.Bucket]map[string]*plan{}}
}

// setting is the name under which a bucket keeps a configuration, dueSetting
// that of the instant of its next delivery.
const (
	setting    = "inventory"
	dueSetting = "inventory-due"
)

// Resume plans the deliveries of a bucket that was read from disk. One whose
// time passed meanwhile is delivered at once.
func (d *Deliverer) Resume(b *store.Bucket) {
	for _, id := range b.SettingsOf(setting) {
		document, _ := b.Setting(setting + "/" + id)
		p := &plan{document: document}
		text, _ := b.Setting(dueSetting + "/" + id)
		if p.due = (time.Time{}); p.due.UnmarshalText(text) != nil {
			p.due = time.Now().Add(d.first(b, id))
		}
		d.set(b, id, p)
	}
}

// Changed is told that a configuration was put or deleted. A changed one keeps
// its times. After one was deleted, a list may still come (S3 User Guide,
// Configuring S3 Inventory).
func (d *Deliverer) Changed(b *store.Bucket, id string) {
	document, there := b.Setting(setting + "/" + id)
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.plans[b][id]
	switch {
	case !there && p == nil:
	case !there:
		p.removed = true
		b.SetSetting(dueSetting+"/"+id, nil)
	case p == nil:
		d.schedule(b, id, &plan{document: document, due: time.Now().Add(d.first(b, id))})
	default:
		p.document, p.removed = document, false
		d.keepDue(b, id, p)
	}
}

func (d *Deliverer) set(b *store.Bucket, id string, p *plan) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.schedule(b, id, p)
}

// schedule waits for the next delivery. The lock is held.
func (d *Deliverer) schedule(b *store.Bucket, id string, p *plan) {
	if d.closed {
		return
	}
	if d.plans[b] == nil {
		d.plans[b] = map[string]*plan{}
	}
	d.plans[b][id] = p
	if !p.removed {
		d.keepDue(b, id, p)
	}
	p.timer = time.AfterFunc(time.Until(p.due), func() { d.fire(b, id, p) })
}

func (d *Deliverer) keepDue(b *store.Bucket, id string, p *plan) {
	text, err := p.due.MarshalText()
	if err == nil { // no year is beyond 9999
		b.SetSetting(dueSetting+"/"+id, text)
	}
}

// first draws how long the first list takes: AWS promises it within 48 hours.
func (d *Deliverer) first(b *store.Bucket, id string) time.Duration {
	return d.scaled(24*time.Hour + time.Duration(d.draw(b, id, 0).Float64()*float64(24*time.Hour)))
}

// next returns when the list after one of that instant comes: each day, or on
// the next Sunday by UTC. With a scale a week is seven scaled days, since a
// calendar can't be scaled.
func (d *Deliverer) next(due time.Time, weekly bool) time.Time {
	day := 24 * time.Hour
	switch {
	case !weekly:
		return due.Add(d.scaled(day))
	case d.Scale != 1:
		return due.Add(d.scaled(7 * day))
	}
	due = due.UTC()
	return due.Add(day * time.Duration(7-int(due.Weekday())))
}

func (d *Deliverer) scaled(t time.Duration) time.Duration { return time.Duration(float64(t) / d.Scale) }

// draw makes the random numbers of a delivery, which depend on it alone.
func (d *Deliverer) draw(b *store.Bucket, id string, number uint64) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(b.Name + "\x00" + id))
	return rand.New(rand.NewPCG(d.Seed^h.Sum64(), number))
}

func (d *Deliverer) fire(b *store.Bucket, id string, p *plan) {
	d.running.Lock()
	defer d.running.Unlock()
	d.mu.Lock()
	document, removed, closed := p.document, p.removed, d.closed
	d.mu.Unlock()
	if closed {
		return
	}
	c := read(document)
	p.number++
	draw := d.draw(b, id, p.number)
	last := !removed || draw.IntN(2) == 0
	if c.enabled && last && !d.gone(b) {
		d.deliver(b, c, draw)
	}

	d.mu.Lock()
	defer d.mu.Unlock()
	if removed && p.removed || d.gone(b) {
		delete(d.plans[b], id)
		if len(d.plans[b]) == 0 {
			delete(d.plans, b)
		}
		return
	}
	p.due = d.next(p.due, c.weekly)
	if now := time.Now(); p.due.Before(now) {
		p.due = d.next(now, c.weekly) // what was missed while nobody was there is not made up for
	}
	d.schedule(b, id, p)
}

// gone says whether the bucket was deleted.
func (d *Deliverer) gone(b *store.Bucket) bool {
	current, found := d.Store.Bucket(b.Name)
	return !found || current != b
}

// Close drops what is still to be delivered and returns when nothing is being
// delivered any more.
func (d *Deliverer) Close() {
	d.mu.Lock()
	d.closed = true
	for _, plans := range d.plans {
		for _, p := range plans {
			p.timer.Stop()
		}
	}
	d.mu.Unlock()
	d.running.Lock()
	defer d.running.Unlock()
}
