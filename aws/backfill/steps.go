package backfill

import (
	"fmt"
	"slices"

	"github.com/dustin/go-humanize"
	"github.com/dustin/go-humanize/english"

	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/aws/replication/wanted"
	"bothways/probe/wording"
)

// The kinds of a backfill's steps; they begin their IDs.
const (
	KindBucket   step.Kind = "backfill-bucket"
	KindPrivate  step.Kind = "backfill-private"
	KindRole     step.Kind = "backfill-role"
	KindManifest step.Kind = "backfill-manifest"
	KindJob      step.Kind = "backfill-job"
	KindCopies   step.Kind = "backfill-copies"
	KindMarkers  step.Kind = "backfill-markers"
	KindLook     step.Kind = "backfill-look"
	KindObjects  step.Kind = "backfill-objects"
)

// steps are those of the whole backfill: what is made, the jobs, what is done in
// place, the look at all of it, and the removal of what was made.
func (r *run) steps(all sums) []step.Step {
	var steps []step.Step
	var looked []string // what has to have ended before the look
	var lanes []*lane
	for _, d := range pair.Directions() {
		l := r.ways[d]
		if len(l.parts) == 0 {
			continue
		}
		lanes = append(lanes, l)
		steps = append(steps, r.making(l)...)
		for _, p := range l.parts {
			job := r.jobSteps(l, p)
			steps = append(steps, job...)
			looked = append(looked, job[len(job)-1].ID)
		}
	}
	for _, side := range pair.Sides() {
		if r.copies[side] > 0 {
			steps = append(steps, r.copyStep(side, all))
			looked = append(looked, KindCopies.OnSide(side))
		}
		if r.marks[side] > 0 {
			steps = append(steps, r.markStep(side, all, looked))
			looked = append(looked, KindMarkers.OnSide(side))
		}
	}
	if len(steps) == 0 {
		return r.leftovers(nil)
	}
	steps = append(steps, step.New(step.Deed{
		Call: "HeadObject", CLI: r.lookLine(all.first), Do: r.look,
	}, step.Step{
		ID: string(KindLook), Kind: KindLook, Title: "look again", Change: step.Prove, Needs: looked,
		What: "exactly what was put right, on both sides; the line for the AWS CLI looks at the first", Why: "A job that is complete says nothing of the success of its tasks.",
		Target: "both sides", Undo: "nothing to undo: it only reads",
	}))
	for _, l := range lanes {
		steps = append(steps, removals(r.s, l.d, l.found, l.order, l.role, []string{string(KindLook)}, false)...)
	}
	return append(steps, r.leftovers([]string{string(KindLook)})...)
}

// leftovers are the steps that take away what an earlier run made and could not
// remove any more, where nothing is to be done with it now.
func (r *run) leftovers(needs []string) []step.Step {
	var steps []step.Step
	for _, d := range pair.Directions() {
		l := r.ways[d]
		if len(l.parts) > 0 || l.found.None() || len(l.found.openJobs()) > 0 {
			continue
		}
		steps = append(steps, removals(r.s, l.d, l.found, l.order, l.role, needs, false)...)
	}
	return steps
}

// making are the steps for the bucket and the role of a direction.
func (r *run) making(l *lane) []step.Step {
	var steps []step.Step
	side := l.d.From()
	if l.found.Own {
		steps = append(steps, r.bucketStep(l, side), r.privateStep(l, side))
	}
	role := step.MakeRole{Clients: l.order.Clients, Pair: r.world.Pair, Wanted: l.role, Exists: l.found.RoleOurs}
	l.young = !l.found.RoleOurs
	st := step.New(role, step.Step{
		ID: KindRole.On(l.d), Kind: KindRole, Direction: &l.d, Title: "job's role", Target: "IAM " + l.role.RolePath + l.role.RoleName,
		What: "lets Batch Operations begin replication in " + r.world.Pair.From(l.d).Bucket + ", read its manifest and write its report; nothing else",
		Why:  "A job acts with the rights of a role.", Change: step.Create, Undo: "removed at the end, or by bothways backfill --undo",
	})
	if l.found.RoleOurs {
		st.Change, st.What = step.Modify, "stands from an earlier run; put right where it differs"
	}
	return append(steps, st)
}

func (r *run) bucketStep(l *lane, side pair.SideName) step.Step {
	act := step.CreateBucket{
		Clients: l.order.Clients, Side: l.found.Bucket, Owner: l.order.Account, Wanted: wanted.Side{Tags: wanted.MadeTags(r.s)}, Exists: l.found.BucketThere,
	}
	st := step.New(act, step.Step{
		ID: KindBucket.OnSide(side), Kind: KindBucket, Side: side, Title: "job's bucket", Target: l.found.Bucket.String(),
		What: l.found.Bucket.Bucket + ", private, encrypted, tagged " + pair.TagKey + "=" + r.world.Pair.ID(), Change: step.Create,
		Why:  "A job reads its list from a bucket of its region and writes its report into one; in the side's own bucket both would be replicated, too.",
		Undo: "removed at the end, if it holds nothing of others, or by bothways backfill --undo",
	})
	if l.found.BucketThere {
		st.Change, st.What = step.Nothing, "stands from an earlier run"
	}
	return st
}

// jobSteps are the manifest of a part, and its job.
func (r *run) jobSteps(l *lane, p *part) []step.Step {
	suffix := ""
	if len(l.parts) > 1 {
		suffix = fmt.Sprintf("-%d", p.n)
	}
	needs := []string{KindRole.On(l.d)}
	if l.found.Own {
		needs = append(needs, KindPrivate.OnSide(l.d.From()))
	}
	at := r.world.Pair.From(l.d)
	manifest := step.New(r.manifestDeed(l, p), step.Step{
		ID: KindManifest.On(l.d) + suffix, Kind: KindManifest, Direction: &l.d, Title: "manifest", Target: l.found.Bucket.Bucket + "/" + partKey(r.world.Pair, l.d, p.n),
		What: fmt.Sprintf("%s, %s", english.Plural(int(p.lines), "version", ""), wording.Size(p.bytes)), Change: step.Create, Needs: needs,
		Why: "Exactly the versions that are missing: a filter of Batch Replication can't say which those are. It has a line for each: the bucket, the URL-encoded key, the version ID.", Undo: "removed at the end, or by bothways backfill --undo",
	})
	if l.finish {
		manifest.Change, manifest.What = step.Nothing, "stands from an earlier run: "+english.Plural(int(p.lines), "version", "")
	}
	job := step.New(r.jobDeed(l, p), step.Step{
		ID: KindJob.On(l.d) + suffix, Kind: KindJob, Direction: &l.d, Title: "job", Target: at.Region + " " + at.Bucket,
		What: fmt.Sprintf("replicates %s to %s", humanize.Comma(p.lines), r.world.Pair.To(l.d)), Change: step.Create, Needs: []string{manifest.ID},
		Why: "S3 replicates by itself only what is written while a rule stands.", Undo: "can be cancelled while it runs; what it replicated stays, as any replica",
	})
	if l.finish {
		job.Change, job.What = step.Prove, "an earlier run's job is followed to its end; nothing new is asked for"
	}
	return []step.Step{manifest, job}
}

func (r *run) copyStep(side pair.SideName, all sums) step.Step {
	n := int(r.copies[side])
	return step.New(step.Deed{
		Call: "CopyObject", // no line: each is sent what a HEAD of it says
		Do:   func(ctx ctxt, report func(string)) (string, error) { return r.copyAll(ctx, side, report) },
	}, step.Step{
		ID: KindCopies.OnSide(side), Kind: KindCopies, Side: side, Title: "copies", Target: r.world.Pair.Side(side).String(), Change: step.Create,
		What: fmt.Sprintf("%s (%s) written again where they stand, as new versions: their version IDs and times are new, and older versions stay",
			english.Plural(n, "version", ""), wording.Size(all.copyBytes[from(side)])),
		Why:  "Batch Replication refuses what was deleted by its version ID, and nothing else makes both sides serve the same.",
		Undo: "delete the new versions by their IDs, on both sides: the journal has them",
	})
}

func (r *run) markStep(side pair.SideName, all sums, after []string) step.Step {
	return step.New(step.Deed{
		Call: "DeleteObject", CLI: r.markLine(side, all.marks[side]),
		Do: func(ctx ctxt, report func(string)) (string, error) { return r.markAll(ctx, side, report) },
	}, step.Step{
		ID: KindMarkers.OnSide(side), Kind: KindMarkers, Side: side, Title: "markers", Target: r.world.Pair.Side(side).String(), Change: step.Create, Needs: slices.Clone(after),
		What: english.Plural(int(r.marks[side]), "key", "") + " that the other side has deleted: a delete marker hides what is served, or comes to be; their versions stay",
		Why:  "Delete markers travel only where the rule says so, and never those of lifecycle rules.",
		Undo: "delete the markers by their version IDs: the journal has them",
	})
}
