package replicate

import (
	"cmp"
	"container/heap"
	"sync"
	"time"
)

// schedule runs functions at their time, one after the other, with one timer
// for all of them. Those due at the same instant run in the order in which
// they were added.
type schedule struct {
	running sync.Mutex // held while functions run

	mu     sync.Mutex
	queue  appointments
	timer  *time.Timer
	serial uint64
	closed bool
}

type appointment struct {
	at     time.Time
	serial uint64
	run    func()
}

// at plans run for an instant.
func (s *schedule) at(when time.Time, run func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	s.serial++
	heap.Push(&s.queue, appointment{when, s.serial, run})
	if s.queue[0].serial == s.serial {
		s.arm()
	}
}

// arm sets the timer for the first appointment. The lock is held.
func (s *schedule) arm() {
	if len(s.queue) == 0 || s.closed {
		return
	}
	wait := time.Until(s.queue[0].at)
	if s.timer == nil {
		s.timer = time.AfterFunc(wait, s.fire)
		return
	}
	s.timer.Reset(wait)
}

func (s *schedule) fire() {
	s.running.Lock()
	defer s.running.Unlock()
	for {
		run := s.next()
		if run == nil {
			return
		}
		run()
	}
}

// next takes the first appointment if it is due, or sets the timer for it.
func (s *schedule) next() func() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 || s.closed {
		return nil
	}
	if time.Until(s.queue[0].at) > 0 {
		s.arm()
		return nil
	}
	return heap.Pop(&s.queue).(appointment).run
}

// close drops what is planned and returns when nothing runs any more.
func (s *schedule) close() {
	s.mu.Lock()
	s.closed, s.queue = true, nil
	if s.timer != nil {
		s.timer.Stop()
	}
	s.mu.Unlock()
	s.running.Lock()
	defer s.running.Unlock()
}

// appointments implements heap.Interface, earliest first.
type appointments []appointment

func (a appointments) Len() int { return len(a) }

func (a appointments) Less(i, j int) bool {
	return cmp.Or(a[i].at.Compare(a[j].at), cmp.Compare(a[i].serial, a[j].serial)) < 0
}

func (a appointments) Swap(i, j int) { a[i], a[j] = a[j], a[i] }

func (a *appointments) Push(x any) { *a = append(*a, x.(appointment)) }

func (a *appointments) Pop() any {
	last := len(*a) - 1
	x := (*a)[last]
	(*a)[last] = appointment{}
	*a = (*a)[:last]
	return x
}
