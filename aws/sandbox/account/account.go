// Package account is the sandbox's AWS Account Management service, as far as
// regions go: which ones an account has, and switching those that must be
// opted in to (AWS Account Management Reference Guide, Enable or disable AWS
// Regions).
package account

import (
	"slices"
	"strings"
	"sync"
	"time"

	"bothways/aws/sandbox/distance"
)

// Status is where a region stands for an account.
type Status string

// The statuses (Account Management API Reference, RegionOptStatus).
const (
	EnabledByDefault Status = "ENABLED_BY_DEFAULT"
	Enabled          Status = "ENABLED"
	Enabling         Status = "ENABLING"
	Disabling        Status = "DISABLING"
	Disabled         Status = "DISABLED"
)

// names are the regions of the partition aws, sorted.
var names = slices.DeleteFunc(distance.Regions(), func(region string) bool {
	return strings.HasPrefix(region, "cn-") || strings.HasPrefix(region, "us-gov-") || strings.HasPrefix(region, "eusc-")
})

// Regions are the regions of all accounts. An account starts with all of them
// enabled. It is safe for concurrent use.
type Regions struct {
	// Delay is how long a region takes to be switched; on AWS it is minutes to
	// hours.
	Delay time.Duration

	// Watch, if set, is told of each switching.
	Watch func(Switching)

	mu       sync.RWMutex
	switched map[string]map[string]change // by account and region
}

// Switching is the last switching of an account's region.
type Switching struct {
	Account, Region string
	On              bool
	At              time.Time
}

// Switchings returns the last switching of each region that was switched.
func (r *Regions) Switchings() (all []Switching) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for account, regions := range r.switched {
		for region, c := range regions {
			all = append(all, Switching{account, region, c.on, c.at})
		}
	}
	return all
}

// Restore takes in a switching of an earlier run.
func (r *Regions) Restore(s Switching) { r.change(s.Account, s.Region, change{s.At, s.On}) }

// change is the last switching of a region.
type change struct {
	at time.Time
	on bool
}

// Set switches a region without delay, as an account begins with it: a region
// that was switched before stays as it is.
func (r *Regions) Set(account, region string, on bool) bool {
	r.mu.RLock()
	_, known := r.switched[account][region]
	r.mu.RUnlock()
	if known {
		return true
	}
	return r.change(account, region, change{on: on})
}

// change records a switching and reports whether the region is one that can
// be switched.
func (r *Regions) change(account, region string, c change) bool {
	if distance.OnByDefault(region) || !slices.Contains(names, region) {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.switched == nil {
		r.switched = map[string]map[string]change{}
	}
	if r.switched[account] == nil {
		r.switched[account] = map[string]change{}
	}
	r.switched[account][region] = c
	if r.Watch != nil {
		r.Watch(Switching{account, region, c.on, c.at})
	}
	return true
}

// Status returns where a region stands; "" if there is no such region in the
// partition aws.
func (r *Regions) Status(account, region string) Status {
	switch {
	case distance.OnByDefault(region):
		return EnabledByDefault
	case !slices.Contains(names, region):
		return ""
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	c, found := r.switched[account][region]
	underWay := time.Since(c.at) < r.Delay
	switch {
	case !found:
		return Enabled
	case c.on && underWay:
		return Enabling
	case c.on:
		return Enabled
	case underWay:
		return Disabling
	}
	return Disabled
}

// Usable says whether an account's credentials work in a region. Regions that
// the service does not list are none of its business.
func (r *Regions) Usable(account, region string) bool {
	status := r.Status(account, region)
	return status != Disabled && status != Enabling
}
