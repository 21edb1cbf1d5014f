package drill

import (
	"context"
	"slices"
	"time"

	"bothways/aws/apierror"
	"bothways/aws/drill/record"
	"bothways/aws/pair"
)

// readAgain reads the configurations and the tags once all is undone, and holds
// both against what they were: what was read before that is no proof of the end.
// What may only be read late is looked at again, as in proveRestored.
func (r *run) readAgain(ctx context.Context) {
	if len(r.before) < len(pair.Sides()) {
		return // nothing is known of before
	}
	var now map[pair.SideName]record.Configuration
	var err error
	for began := time.Now(); ; {
		now, err = r.readConfigurations(ctx, record.After)
		same := err == nil && len(r.changed(now)) == 0 && !r.retagged(now)
		if same || !r.touched || time.Since(began) >= staleMost || pausing(ctx, staleEvery) != nil {
			break
		}
	}
	changesTags := r.touched && r.Scope.Kind == record.Pause
	if err != nil {
		r.facts.TagsUnread = changesTags
		r.find(record.Finding{Level: record.Warns, Title: "the configurations could not be read at the end", Text: apierror.Describe(err), Unknown: true})
		return
	}
	r.tellConfigurations(now)
	r.facts.Retagged = r.touched && r.retagged(now)
	r.facts.TagsUnread = changesTags && slices.ContainsFunc(pair.Sides(), func(side pair.SideName) bool {
		return r.before[side].Tags == "" || now[side].Tags == ""
	})
	if r.Scope.Kind != record.Alarm { // whose fault changes the roles, which proveRestored looks at
		r.facts.Restored, r.facts.Unread = len(r.changed(now)) == 0, false
	} else if len(r.changed(now)) > 0 {
		r.facts.Restored = false
	}
}

// retagged says whether a bucket's tags are not what they were, as far as they were
// read both times.
func (r *run) retagged(now map[pair.SideName]record.Configuration) bool {
	return slices.ContainsFunc(pair.Sides(), func(side pair.SideName) bool {
		before, after := r.before[side].Tags, now[side].Tags
		return before != "" && after != "" && before != after
	})
}
