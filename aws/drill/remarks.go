package drill

import (
	"cmp"
	"strings"
	"sync"
	"time"

	"github.com/sourcegraph/conc/panics"

	"bothways/aws/drill/record"
)

// remarking takes down what somebody types while the drill goes on. What it returns
// ends that, once all that was typed until then is taken down; it may be called
// again.
func (r *run) remarking() (end func()) {
	if r.Remarks == nil {
		return func() {}
	}
	over, ended := make(chan struct{}), make(chan struct{})
	var caught panics.Catcher
	go func() {
		defer close(ended)
		caught.Try(func() {
			for {
				select {
				case text := <-r.Remarks:
					r.remark(text)
				case <-over:
					r.lastRemarks()
					return
				}
			}
		})
	}()
	stop := sync.OnceFunc(func() { close(over) })
	return func() {
		stop()
		<-ended
		if !r.rescuing {
			caught.Repanic()
		}
	}
}

// lastRemarks takes down what was typed and not read yet.
func (r *run) lastRemarks() {
	for {
		select {
		case text := <-r.Remarks:
			r.remark(text)
		default:
			return
		}
	}
}

// remark takes down one note, by whoever is said to take them.
func (r *run) remark(text string) {
	if text = strings.TrimSpace(text); text == "" {
		return
	}
	now := time.Now()
	r.emitting.Lock() // the clock may be about to start
	since := r.ms(now)
	r.emitting.Unlock()
	r.emit(record.Note{
		Kind: record.Remark, Text: text, By: cmp.Or(r.Scope.People.Observer, r.Scope.People.Operator), At: now, SinceStartMS: since,
	})
}
