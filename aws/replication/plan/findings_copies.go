package plan

import (
	"fmt"
	"slices"
	"strings"

	"bothways/aws/pair"
	"bothways/aws/replication/step"
	"bothways/aws/replication/survey"
	"bothways/aws/replication/wanted"
	"bothways/aws/upload"
)

// copiedFindings warns of standing rules of others that send canaries and
// probes of direction d to a bucket that is none of the pair's.
func copiedFindings(s *survey.Survey, d pair.Direction) []survey.Finding {
	p := s.World.Pair
	buckets, named := copied(s, d, []string{p.Options.Prefix}, p.Options.FilterTags)
	if len(buckets) == 0 {
		return nil
	}
	return []survey.Finding{finding(survey.Warning, d.From(), "what bothways writes is copied elsewhere too: "+survey.Named(named),
		"These rules cover "+p.ObjectPrefix()+" as well, so canaries and probes arrive there, where bothways does not remove them. They are small; a prefix of your own (--prefix) avoids it.")}
}

// strayFindings names the copies that taking down or cleaning up leaves in
// buckets that are none of the pair's, and how they can be removed.
func strayFindings(s *survey.Survey) []survey.Finding {
	var found []survey.Finding
	as, _, _ := wanted.Standing(s, s.World.Pair) // what was written carries what the standing rules want
	under := prefixes(s)
	for _, d := range pair.Directions() {
		buckets, named := copied(s, d, under, as.Options.FilterTags)
		if len(buckets) == 0 {
			continue
		}
		var lines []string
		for _, bucket := range buckets {
			for _, prefix := range under {
				written := s.World.Pair
				written.Options.Prefix = prefix
				lines = append(lines, step.RemovalLine(s.World.Clients(d.From()).AnyonesCLI, bucket, written.ObjectPrefix()))
			}
		}
		found = append(found, finding(survey.Warning, d.From(), "copies of what bothways wrote may stay in "+survey.Named(buckets),
			fmt.Sprintf("Rules of others bring canaries and probes there (%s), and nothing is removed from buckets that are not the pair's. Credentials for such a bucket remove them: %s",
				survey.Named(named), strings.Join(lines, "; "))))
	}
	return found
}

// copied are the buckets, none of the pair's, that standing rules of others send
// what the pair writes under replicated prefixes to in direction d, and each
// with its rules in words.
func copied(s *survey.Survey, d pair.Direction, under []string, tags pair.Tags) (buckets, named []string) {
	_, others := s.OwnRules(d)
	p := s.World.Pair
	rooms := make([]string, 0, 2*len(under))
	for _, prefix := range under {
		p.Options.Prefix = prefix
		rooms = append(rooms, p.CanaryPrefix(), p.ProbePrefix())
	}
	by := map[string][]string{}
	for _, c := range upload.Copies(others, p.To(d), tags, rooms...) {
		if !slices.Contains(buckets, c.Bucket) {
			buckets = append(buckets, c.Bucket)
		}
		by[c.Bucket] = append(by[c.Bucket], c.Rule)
	}
	for _, bucket := range buckets {
		named = append(named, survey.Named(by[bucket])+" to "+bucket)
	}
	return buckets, named
}
