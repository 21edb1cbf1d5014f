package replicate

import (
	"time"

	"bothways/aws/sandbox/store"
)

// The rights that annotations need besides those of objects: one at the source,
// and one at the destination that s3:ReplicateObject includes and that can be
// denied by itself (S3 User Guide, Replicating annotations).
const (
	ReadAnnotation  = "s3:GetObjectVersionAnnotationForReplication"
	WriteAnnotation = "s3:ReplicateObjectAnnotation"
)

// AnnotationDecider returns the function that says where annotations of versions
// of b are to be replicated to: where the version itself was to go. Those of a
// version that is older than the rules stay, and so do those that are put on a
// replica: AWS does not say whether replica modification sync takes them back.
func (e *Engine) AnnotationDecider(b *store.Bucket) func(*store.Version) []store.Target {
	configuration := b.EffectiveReplication()
	if configuration == nil {
		return nil
	}
	return func(v *store.Version) (targets []store.Target) {
		if v.Replica {
			return nil
		}
		for _, t := range v.Targets {
			if configuration.Carries(v.Key, t.Bucket) {
				targets = append(targets, store.Target{Bucket: t.Bucket, RuleID: t.RuleID, Rule: t.Rule, Status: store.Pending})
			}
		}
		return targets
	}
}

// Annotated plans the ways of an annotation that an AnnotationDecider has seen.
func (e *Engine) Annotated(b *store.Bucket, v *store.Version, name string) {
	if a, found := v.Annotation(name); found {
		e.startAnnotation(b, v, a, a.Modified)
	}
}

// startAnnotation plans the ways of an annotation to where it is still to go.
func (e *Engine) startAnnotation(b *store.Bucket, v *store.Version, a store.Annotation, from time.Time) {
	for _, target := range a.Targets {
		if target.Status != store.Pending {
			continue
		}
		t := &task{
			engine: e, from: b, key: v.Key, id: v.ID, to: target.Bucket, size: int64(len(a.Payload)), committed: a.Modified, rule: target.Rule,
			annotation: a.Name, draw: e.draw(b.Name, target.Bucket, v.Key+"\x00"+a.Name, uint64(a.Modified.UnixNano())),
		}
		t.plan(from)
	}
}

// initiateAnnotations has the annotations of a version go wherever a task of
// Batch Replication takes it, without tasks of their own (S3 User Guide, What
// does Amazon S3 replicate?).
func (e *Engine) initiateAnnotations(b *store.Bucket, v *store.Version, targets []store.Target) {
	for _, a := range v.Annotations {
		for _, to := range targets {
			target := store.Target{Bucket: to.Bucket, RuleID: to.RuleID, Rule: to.Rule, Status: store.Pending}
			if b.SetAnnotationTarget(v.Key, v.ID, a.Name, a.Modified, target) == nil {
				a.Targets = []store.Target{target}
				e.startAnnotation(b, v, a, time.Now())
			}
		}
	}
}

// retryAnnotation is how long an annotation waits for its object, which is on its
// way to the same place.
const retryAnnotation = time.Second

// runAnnotation carries an annotation, now that the time has come.
func (t *task) runAnnotation() {
	v, err := t.from.Find(t.key, t.id)
	if err != nil {
		return // deleted for good meanwhile, with all of its annotations
	}
	a, found := v.Annotation(t.annotation)
	if !found || !a.Modified.Equal(t.committed) {
		return // deleted, or overwritten by one that goes its own way
	}
	d, reason := t.open()
	if reason == "" {
		if _, err := d.to.Find(t.key, t.id); err != nil {
			if target, found := v.Target(t.to); found && target.Status == store.Pending {
				t.engine.schedule.at(time.Now().Add(t.engine.scaled(retryAnnotation)), t.run)
				return
			}
			reason = DstVersionNotFound
		}
	}
	if reason == "" {
		reason = d.annotation(a)
	}
	status := store.Completed
	if reason != "" {
		status = store.Failed
	}
	target := store.Target{Bucket: t.to, Rule: t.rule, Status: status, Reason: reason}
	if t.rule != nil {
		target.RuleID = t.rule.ID
	}
	// Deleted or overwritten in this instant, it has no status left.
	_ = t.from.SetAnnotationTarget(t.key, t.id, t.annotation, t.committed, target)
}

// annotation writes an annotation to the replica of its version. Without a right
// it stays behind; the object is not touched by that. The reasons are our own:
// S3's list has none for annotations.
func (d *delivery) annotation(a store.Annotation) (reason string) {
	switch {
	case !d.may(ReadAnnotation, d.from.ObjectARN(d.key), nil):
		return SrcGetAnnotationNotPermitted
	case !d.may(WriteAnnotation, d.to.ObjectARN(d.key), nil):
		return DstPutAnnotationNotPermitted
	}
	a.Replica, a.Targets = true, nil
	if _, err := d.to.Annotate(d.key, d.id, a, nil, nil); err != nil {
		return DstVersionNotFound
	}
	return ""
}
