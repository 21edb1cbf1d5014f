package report

import (
	"reflect"
	"time"

	"bothways/probe"
	"bothways/probe/wording"
)

// MaskAccounts returns a copy of the run without account IDs, wherever they
// stand: in bucket names, in keys, in what AWS answered.
func (run *Run) MaskAccounts() *Run { return run.rewritten(wording.MaskAccounts) }

// MaskAccounts is that of a Run for where it comes from.
func (o Origin) MaskAccounts() Origin { return rewritten(o, wording.MaskAccounts) }

func (run *Run) rewritten(change func(string) string) *Run {
	changed := rewritten(*run, change)
	if run.far != nil {
		changed.far = run.far.rewritten(change)
	}
	return &changed
}

// rewrittenSample is rewritten for what there are many of.
func rewrittenSample(s probe.Sample, change func(string) string) probe.Sample {
	s.Key, s.Outcome, s.Detail = change(s.Key), probe.Outcome(change(string(s.Outcome))), change(s.Detail)
	if s.Completed != nil {
		completed := *s.Completed
		completed.Outcome, completed.Detail = probe.Outcome(change(string(completed.Outcome))), change(completed.Detail)
		s.Completed = &completed
	}
	return s
}

// rewrittenLoop is the same of a loop check.
func rewrittenLoop(l probe.LoopEvent, change func(string) string) probe.LoopEvent {
	l.Key, l.Origin, l.Replica = change(l.Key), change(l.Origin), change(l.Replica)
	l.Content, l.Checksum, l.Detail = probe.Content(change(string(l.Content))), change(l.Checksum), change(l.Detail)
	return l
}

// rewritten copies a value with every text in it changed, but for version IDs,
// which are S3's own and must be found again.
func rewritten[T any](value T, change func(string) string) T {
	changed, _ := rewrite(reflect.ValueOf(value), change).Interface().(T)
	return changed
}

func rewrite(v reflect.Value, change func(string) string) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch v.Kind() {
	case reflect.String:
		out.SetString(change(v.String()))
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return v
		}
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() && field.Name != "VersionID" {
				out.Field(i).Set(rewrite(v.Field(i), change))
			}
		}
	case reflect.Slice:
		if v.IsNil() {
			return v
		}
		out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			out.Index(i).Set(rewrite(v.Index(i), change))
		}
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		out.Set(reflect.New(v.Type().Elem()))
		out.Elem().Set(rewrite(v.Elem(), change))
	default: // numbers, and the map of operations to counts
	}
	return out
}
