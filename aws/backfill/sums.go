package backfill

import (
	"context"
	"slices"

	"bothways/aws/audit/difference"
	"bothways/aws/backfill/manifest"
	"bothways/aws/pair"
	"bothways/aws/replication/wanted"
)

// sums are what one pass over the rows found.
type sums struct {
	bytes, copyBytes map[pair.Direction]int64
	copies           map[pair.Direction]int64
	untried          map[Reason]int64
	consents         map[Consent]int64 // of those
	examples         map[Reason]left   // the first of each
	example          map[Reason]string
	first            *target                  // of what is put right
	marks            map[pair.SideName]string // the first key that is hidden there
	uncovered        map[pair.Direction]int64 // by no enabled rule to the other side
	hidden           map[pair.Direction]int64 // versions for whose keys the other side serves something else
	others           map[pair.Direction]map[string]int64
}

// sumAgain sums the rows up, looks at what they would have put right, and sums up
// what of it still needs it. A list whose job an earlier run asked for stays whole:
// that job is followed to its end.
func (r *run) sumAgain(ctx context.Context) (sums, error) {
	all, err := r.sum(ctx)
	if err != nil || r.asked.Rows == nil {
		return r.finishing(all), err
	}
	goneOn := map[pair.Direction]bool{}
	for _, d := range pair.Directions() {
		l := r.ways[d]
		l.asked = digestOf(l.parts)
		goneOn[d] = len(l.found.Parts) > 0 && len(l.parts) > 0 && !r.unfinished(l)
	}
	if err := r.lookBefore(ctx, goneOn); err != nil {
		return all, err
	}
	if all, err = r.sum(ctx); err != nil {
		return all, err
	}
	return r.finishing(all), nil
}

// digestOf is one digest for those of a list's parts.
func digestOf(parts []*part) string {
	digest := manifest.NewDigest()
	for _, p := range parts {
		digest.Add(manifest.Line{Key: p.digest})
	}
	return digest.String()
}

// sum goes through the rows once.
func (r *run) sum(ctx context.Context) (sums, error) {
	r.copies, r.marks, r.revived = map[pair.SideName]int64{}, map[pair.SideName]int64{}, map[pair.SideName]int64{}
	all := sums{
		bytes: map[pair.Direction]int64{}, copyBytes: map[pair.Direction]int64{}, copies: map[pair.Direction]int64{}, untried: map[Reason]int64{},
		consents: map[Consent]int64{}, marks: map[pair.SideName]string{},
		examples: map[Reason]left{}, example: map[Reason]string{}, uncovered: map[pair.Direction]int64{}, hidden: map[pair.Direction]int64{}, others: map[pair.Direction]map[string]int64{},
	}
	digests, marks := map[pair.Direction][]*manifest.Digest{}, keysOnce{}
	if err := r.each(ctx, func(d difference.Difference, w work) error {
		if t, does := targetOf(d, w); does && all.first == nil {
			all.first = &t
		}
		if w.mark != nil && all.marks[w.mark.side] == "" {
			all.marks[w.mark.side] = d.Key
		}
		switch {
		case w.replicate != nil:
			to := *w.replicate
			last := len(digests[to]) - 1
			if last < 0 || digests[to][last].Lines() == r.asked.MostTasks {
				digests[to], last = append(digests[to], manifest.NewDigest()), last+1
			}
			digests[to][last].Add(line(r.world.Pair, d, to))
			all.bytes[to] += d.At(to.From()).Size
			r.covered(&all, d.Key, to)
			if d.Serves(to.To()) != nil {
				all.hidden[to]++
			}
			if w.mark != nil {
				r.marks[w.mark.side] += marks.first(*w.mark)
			}
		case w.copy != nil:
			r.copies[w.copy.side]++
			if d.Verdict == difference.Gone {
				r.revived[w.copy.side]++
			}
			to := from(w.copy.side)
			all.copies[to]++
			all.copyBytes[to] += w.copy.Size
		case w.mark != nil:
			r.marks[w.mark.side] += marks.first(*w.mark)
		case w.left != nil:
			if w.left.consent != "" {
				all.consents[w.left.consent]++
			}
			if all.untried[w.left.reason]++; all.untried[w.left.reason] == 1 {
				all.examples[w.left.reason], all.example[w.left.reason] = *w.left, d.Key
			}
		}
		return nil
	}); err != nil {
		return all, err
	}
	for _, to := range pair.Directions() {
		l := r.ways[to]
		l.parts = nil
		for i, sum := range digests[to] {
			l.parts = append(l.parts, &part{n: i + 1, digest: sum.String(), lines: sum.Lines(), bytes: sum.Bytes()})
		}
	}
	return all, nil
}

// finishing has what an earlier run began finished first, whatever is asked for now.
func (r *run) finishing(all sums) sums {
	for _, to := range pair.Directions() {
		l := r.ways[to]
		if !r.unfinished(l) {
			continue
		}
		wanted, standing, same := total(l.parts), int64(0), true
		for _, s := range l.found.Parts {
			standing += s.Lines
			same = same && s.Asked != "" && s.Asked == l.asked
		}
		if same = same && standing >= wanted; !same { // else it lists what this very audit still wants
			all.untried[Unproven] += wanted
		}
		l.same, l.finish, r.finish[to], l.parts, all.bytes[to] = same, true, true, nil, 0
		for _, n := range slices.Sorted(keys(l.found.Parts)) {
			s := l.found.Parts[n]
			l.parts = append(l.parts, &part{n: n, digest: s.Digest, lines: s.Lines, standing: s})
		}
	}
	if all.untried[Unproven] == 0 {
		delete(all.untried, Unproven)
	}
	return all
}

func from(side pair.SideName) pair.Direction {
	if side == pair.A {
		return pair.AtoB
	}
	return pair.BtoA
}

func total(parts []*part) (lines int64) {
	for _, p := range parts {
		lines += p.lines
	}
	return lines
}

// unfinished says whether a manifest with a job stands that lists something else
// than what is asked for now. The same list is simply gone on with.
func (r *run) unfinished(l *lane) bool {
	for n, standing := range l.found.Parts {
		_, asked := l.found.jobOf(standing.Manifest)
		same := n <= len(l.parts) && l.parts[n-1].digest == standing.Digest
		if asked && !same {
			return true
		}
	}
	return false
}

// covered counts which rules a key's task will run.
func (r *run) covered(all *sums, key string, d pair.Direction) {
	configuration := r.s.Sides[d.From()].Replication
	ours := false
	if configuration != nil {
		for _, rule := range configuration.Rules {
			if !wanted.Enabled(rule) || !covers(rule, key) {
				continue
			}
			if toOther(r.world.Pair, d, rule) {
				ours = true
				continue
			}
			if all.others[d] == nil {
				all.others[d] = map[string]int64{}
			}
			all.others[d][ruleName(rule)]++
		}
	}
	if !ours {
		all.uncovered[d]++
	}
}
