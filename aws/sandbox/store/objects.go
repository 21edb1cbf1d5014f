package store

import (
	"slices"
	"time"
)

// Find returns a version by id, or the newest one where id is "". The newest
// may be a delete marker.
func (b *Bucket) Find(key, id string) (*Version, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.find(key, id)
}

// Acquire is Find with a reference to the body, which the caller releases.
func (b *Bucket) Acquire(key, id string) (*Version, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	v, err := b.find(key, id)
	if err == nil && v.Body != nil {
		v.Body.Retain()
	}
	return v, err
}

func (b *Bucket) find(key, id string) (*Version, error) {
	g := b.group(key)
	if id == "" {
		if newest := g.newest(); newest != nil {
			return newest, nil
		}
		return nil, ErrNoSuchKey
	}
	if i := g.index(id); i >= 0 {
		return g.version(i), nil
	}
	return nil, ErrNoSuchVersion
}

func (o *object) index(id string) int {
	return slices.IndexFunc(o.versions, func(v *Version) bool { return v.ID == id })
}

// Commit makes v the newest version of its key and takes over the caller's
// reference to its body, also where it fails. It sets the id, the ordinal and
// the creation time. The check sees the newest version so far (nil if none)
// and may refuse; decide sees v complete, before any reader does.
func (b *Bucket) Commit(v *Version, check func(newest *Version) error, decide func(*Version)) (*Version, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.gone {
		v.Body.Release()
		return nil, ErrNoSuchBucket
	}
	if err := b.group(v.Key).pass(check); err != nil {
		v.Body.Release()
		return nil, err
	}
	b.push(v, decide)
	return v, nil
}

// object returns that of a key, and makes it where there is none, of the base's if
// that has one. The lock is
// held.
func (b *Bucket) object(key string) *object {
	o := b.objects[key]
	if o == nil {
		o = &object{}
		if made := b.beneath(key); made != nil {
			o = copied(made)
		}
		b.objects[key] = o
		b.keys.add(key)
	}
	return o
}

// push puts v first. The lock is held.
func (b *Bucket) push(v *Version, decide func(*Version)) {
	o := b.object(v.Key)
	o.written++
	v.Ordinal = o.written
	v.ID = NullID
	if b.versioning == Enabled {
		v.ID = b.store.newID()
	}
	v.Modified = time.Now()
	if len(o.versions) > 0 && !v.Modified.After(o.versions[0].Modified) {
		// Two writes at one instant, which virtual time makes likely.
		v.Modified = o.versions[0].Modified.Add(1)
	}
	var overwritten *Body
	if v.ID == NullID {
		// The null version is overwritten, wherever it stands.
		if i := o.index(NullID); i >= 0 {
			overwritten = o.versions[i].Body
			o.versions = slices.Delete(o.versions, i, i+1)
		}
	}
	if decide != nil {
		decide(v)
	}
	o.versions = slices.Insert(o.versions, 0, v)
	b.persistVersion(v)
	b.dumpAnnotations(v, b.store.log.Append)
	overwritten.Release() // after the log has its successor
}

// Insert puts a replica in its place, as the store's order has it, and takes over
// the caller's reference to its body. It returns the instant from which readers
// see it, zero if it was there already.
func (b *Bucket) Insert(v *Version) (visible time.Time, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.gone {
		v.Body.Release()
		return time.Time{}, ErrNoSuchBucket
	}
	o := b.object(v.Key)
	if o.index(v.ID) >= 0 {
		v.Body.Release()
		return time.Time{}, nil
	}
	o.written++
	v.Ordinal = o.written
	b.insert(o, v)
	b.persistVersion(v)
	// Under the lock: no reader saw it before, all see it from now on.
	return time.Now(), nil
}

// insert puts a version among those of its key. The lock is held.
func (b *Bucket) insert(o *object, v *Version) {
	at, _ := slices.BinarySearchFunc(o.versions, v, b.store.Order.compare)
	o.versions = slices.Insert(o.versions, at, v)
}

// Update puts a changed copy of a version in its place and returns the copy.
func (b *Bucket) Update(key, id string, change func(*Version)) (*Version, error) {
	return b.Amend(key, id, func(v *Version) error {
		change(v)
		return nil
	})
}

// Amend is Update with a change that may refuse.
func (b *Bucket) Amend(key, id string, change func(*Version) error) (*Version, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	changed, err := b.replace(key, id, change)
	if err != nil {
		return nil, err
	}
	b.persistVersion(changed)
	return changed, nil
}

// replace puts a changed copy of a version in its place, in memory alone.
func (b *Bucket) replace(key, id string, change func(*Version) error) (*Version, error) {
	v, err := b.find(key, id)
	if err != nil {
		return nil, err
	}
	changed := v.clone()
	if err := change(changed); err != nil {
		return nil, err
	}
	o := b.object(key)
	o.versions[o.index(v.ID)] = changed
	return changed, nil
}

// Delete does what a DELETE without a version id does: in a bucket that was
// ever versioned it adds a delete marker and returns it; otherwise it removes
// the object and returns nil. check is as in Commit.
func (b *Bucket) Delete(key string, check func(newest *Version) error, decide func(*Version)) (*Version, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.gone {
		return nil, ErrNoSuchBucket
	}
	g := b.group(key)
	if err := g.pass(check); err != nil {
		return nil, err
	}
	if b.versioning != NeverSet {
		marker := &Version{Key: key, Marker: true}
		b.push(marker, decide)
		return marker, nil
	}
	if g.len() > 0 {
		b.remove(key, b.object(key), 0)
	}
	return nil, nil
}

// DeleteVersion removes one version for good and returns it. check may
// refuse, knowing the version.
func (b *Bucket) DeleteVersion(key, id string, check func(*Version) error) (*Version, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	g := b.group(key)
	i := g.index(id)
	if i < 0 {
		return nil, ErrNoSuchVersion
	}
	v := g.version(i)
	if check != nil {
		if err := check(v); err != nil {
			return nil, err
		}
	}
	b.remember(key, v.ID)
	b.store.log.Append(entryVersionGone, goneRecord{Bucket: b.Name, Key: key, ID: v.ID, Hard: true})
	b.take(key, b.object(key), i)
	return v, nil
}

// remove takes a version out. The lock is held.
func (b *Bucket) remove(key string, o *object, i int) {
	b.store.log.Append(entryVersionGone, goneRecord{Bucket: b.Name, Key: key, ID: o.versions[i].ID})
	b.take(key, o, i)
}

// take takes a version out, of which the log knows. The lock is held.
func (b *Bucket) take(key string, o *object, i int) {
	o.versions[i].Body.Release()
	o.versions = slices.Delete(o.versions, i, i+1)
	if len(o.versions) == 0 && b.beneath(key) == nil {
		delete(b.objects, key)
		b.keys.remove(key)
	}
}
