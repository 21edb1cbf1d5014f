package replicate

import "sync"

// outages knows which regions are cut off and keeps what waits for them.
type outages struct {
	mu     sync.Mutex
	down   map[string]int // region: outages in force
	parked []parked
}

type parked struct {
	regions [2]string
	resume  func()
}

func (o *outages) begin(region string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.down == nil {
		o.down = map[string]int{}
	}
	o.down[region]++
}

// end lifts an outage and resumes what waited for nothing else.
func (o *outages) end(region string) {
	o.mu.Lock()
	if o.down[region]--; o.down[region] == 0 {
		delete(o.down, region)
	}
	var free []func()
	kept := o.parked[:0]
	for _, p := range o.parked {
		if o.anyDown(p.regions) {
			kept = append(kept, p)
		} else {
			free = append(free, p.resume)
		}
	}
	clear(o.parked[len(kept):])
	o.parked = kept
	o.mu.Unlock()
	for _, resume := range free {
		resume()
	}
}

func (o *outages) isDown(region string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.down[region] > 0
}

// park keeps resume for later if one of the regions is down.
func (o *outages) park(from, to string, resume func()) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	regions := [2]string{from, to}
	if !o.anyDown(regions) {
		return false
	}
	o.parked = append(o.parked, parked{regions, resume})
	return true
}

func (o *outages) anyDown(regions [2]string) bool {
	return o.down[regions[0]] > 0 || o.down[regions[1]] > 0
}
