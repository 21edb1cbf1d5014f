package step

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/dustin/go-humanize/english"

	"bothways/probe/wording"
)

const (
	// lateTrust is the time after which a replica whose origin is deleted no longer
	// counts as on its way: S3 reads the origin to replicate it.
	lateTrust = time.Minute
	lateEvery = 2 * time.Second
)

// Flight is what the removals of a plan's sides tell the look after them.
type Flight struct {
	mu     sync.Mutex
	flying int
	until  time.Time      // until then some of those may still arrive
	stays  map[string]int // by bucket, how many are said to stay
}

func (f *Flight) note(bucket string, s swept) {
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if s.flying > 0 {
		f.flying, f.until = f.flying+s.flying, time.Now().Add(lateTrust)
	}
	if f.stays == nil {
		f.stays = map[string]int{}
	}
	f.stays[bucket] = max(f.stays[bucket], s.left.ours.count+s.left.likely.count)
}

// said is how many were said to stay in a bucket already.
func (f *Flight) said(bucket string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.stays[bucket]
}

// over says how long something may still arrive, and of how many objects.
func (f *Flight) over() (flying int, left time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.flying, time.Until(f.until)
}

// LateObjects looks again once both sides were swept. The sweeps run side by side,
// and a replica that one of them waited for lands on a side that the other has left
// already. It ends with a look that finds nothing new, once nothing can still come.
type LateObjects struct {
	Sides  []RemoveObjects
	Flight *Flight // what the sweeps before it noted
}

func (a LateObjects) shown() shown {
	var all shown
	lines := make([]string, len(a.Sides))
	for i, side := range a.Sides {
		one := side.shown()
		all.call, lines[i], all.inputs = one.call, one.cli, append(all.inputs, one.inputs...)
	}
	all.cli = strings.Join(lines, "\n")
	return all
}

// look never claims that nothing is there: listing again is do's business.
func (a LateObjects) look(context.Context) (bool, string, error) { return false, "", nil }

func (a LateObjects) do(ctx context.Context, report func(string)) (string, error) {
	total := 0
	for watch := StartWatch(ctx); ; {
		found, stays, err := a.again(ctx, lateReplicas-watch.spent(), report)
		if total += found; err != nil {
			return "", err
		}
		flying, left := a.Flight.over()
		switch {
		case found == 0 && left <= 0:
			if total == 0 {
				return "nothing came after the removal", stays
			}
			return english.Plural(total, "late version", "") + " removed", stays
		case watch.spent() >= lateReplicas && found > 0:
			return "", fmt.Errorf("after %s objects of this pair are still found: a probe or a drill writes them, or they are not deleted though the service says so. End what writes, then run this again", wording.Duration(lateReplicas))
		case watch.spent() >= lateReplicas:
			return english.Plural(total, "late version", "") + " removed; " + english.Plural(flying, "object was", "objects were") + " removed before landing on the other side, and may still come", stays
		case left > 0:
			report(fmt.Sprintf("%s removed before landing on the other side; looking for %s more whether replicas come", english.Plural(flying, "object was", "objects were"), wording.Duration(left.Round(lateEvery))))
		default:
			report(english.Plural(total, "late version", "") + " removed; looking again until nothing more comes")
		}
		if err := sleep(ctx, lateEvery); err != nil {
			return "", err
		}
	}
}

// again sweeps each side once more. stays is an error where something stays of which
// the sweeps before did not say so.
func (a LateObjects) again(ctx context.Context, most time.Duration, report func(string)) (found int, stays, err error) {
	for _, side := range a.Sides {
		side.again = true
		gone, err := side.sweep(ctx, most, report)
		if err != nil {
			return found, stays, err
		}
		found += gone.removed + gone.aborted
		if gone.left.ours.count+gone.left.likely.count > a.Flight.said(side.Side.Bucket) {
			stays = errors.Join(stays, gone.left.remains(side.Side.Bucket))
		}
		a.Flight.note(side.Side.Bucket, swept{flying: gone.flying})
	}
	return found, stays, nil
}
