package choose

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

// What the console proposes first: the two regions of the measurement that
// this program descends from.
const (
	defaultRegionA = "eu-west-1"
	defaultRegionB = "ap-southeast-1"
)

// lookWithin bounds every read in the background of a choice.
const lookWithin = 20 * time.Second

// sideScreen chooses one side: its region, then its bucket.
type sideScreen struct {
	host.Quiet
	host  host.Host
	do    *host.Engines
	name  pair.SideName
	other *sideScreen  // side A's, on side B's
	where *whereScreen // which knows the profiles

	inBucket bool // the bucket list has the keys, else the region list
	regions  widget.List
	search   widget.Filter

	buckets  widget.List
	filter   widget.Filter // of the buckets
	newName  widget.Field
	editing  bool
	was      string   // the name before it was edited
	proposed string   // side A's partner, looked for already
	existing []string // buckets in the region, once read
	notes    map[string]bucketNote
	readFrom string // the region that existing belongs to, or is being read from
	reading  bool
	failure  string        // why the buckets could not be listed
	refusal  string        // why the choice cannot be taken
	profile  *otherProfile // being chosen, or nil
	touched  bool          // something was chosen by hand since the screen was entered
}

// bucketNote is what a glance at a bucket told.
type bucketNote struct {
	found   account.Description
	failure string
	looking bool
}

func newSide(h host.Host, name pair.SideName, where *whereScreen, other *sideScreen) *sideScreen {
	s := &sideScreen{host: h, do: h.Engines(), name: name, where: where, other: other, notes: map[string]bucketNote{}}
	side := h.Chosen().Pair.Side(name)
	s.newName = widget.NewField(side.Bucket)
	s.selectRegion(side.Region)
	return s
}

// startingPair is what the command line chose already, and the demo's pair for
// what it left open.
func startingPair(settings host.Settings, now time.Time) pair.Pair {
	p := pair.Pair{Options: pair.DefaultOptions()}
	if settings.Defaults.Options != nil {
		p.Options = *settings.Defaults.Options
	}
	if settings.Given != nil {
		p = *settings.Given
	}
	word := demoLetters(uint64(now.UnixNano()))
	for _, open := range []struct {
		side   *pair.Side
		region string
	}{{&p.A, defaultRegionA}, {&p.B, defaultRegionB}} {
		if open.side.Region == "" {
			open.side.Region = open.region
		}
		if open.side.Bucket == "" {
			open.side.Bucket = demoName(word, open.side.Region)
		}
	}
	return p
}

func demoName(word, region string) string { return "bothways-demo-" + word + "-" + region }

// forget drops what was read with other credentials.
func (s *sideScreen) forget() {
	s.existing, s.notes, s.readFrom, s.failure, s.refusal = nil, map[string]bucketNote{}, "", "", ""
	s.reading, s.proposed = false, ""
}

func (s *sideScreen) side() *pair.Side {
	if s.name == pair.A {
		return &s.host.Chosen().Pair.A
	}
	return &s.host.Chosen().Pair.B
}

// Drop implements screen.
func (s *sideScreen) Drop(what host.Stale) {
	if what == host.Credentials {
		s.forget()
	}
}

func (s *sideScreen) Enter(host.Place) tea.Cmd {
	s.editing, s.refusal, s.touched, s.profile = false, "", false, nil
	s.search.Clear()
	s.filter.Clear()
	// What was seen may be no longer so: an apply or a removal lies between.
	s.notes = map[string]bucketNote{}
	if s.buckets.Selected == 0 {
		s.readFrom = ""
	}
	given := s.host.Settings().Given
	s.inBucket = s.inBucket || given != nil && given.Side(s.name).Bucket != ""
	return tea.Batch(s.readBuckets(), s.lookForPartner(), s.lookAtFirst())
}

// partner is the bucket that side A's already replicates to, where that is
// known and the command line did not name side B's.
func (s *sideScreen) partner() string {
	if given := s.host.Settings().Given; s.other == nil || given != nil && given.B.Bucket != "" {
		return ""
	}
	ofA := s.host.Chosen().Pair.A.Bucket
	if to := s.other.notes[ofA].found.Destinations; len(to) == 1 && to[0] != ofA {
		return to[0]
	}
	return ""
}

// lookForPartner asks where side A's partner lies, once for each.
func (s *sideScreen) lookForPartner() tea.Cmd {
	partner := s.partner()
	if partner == "" || partner == s.proposed {
		return nil
	}
	s.proposed = partner
	delete(s.notes, partner) // of another region, perhaps
	return s.Look(partner)
}

// propose selects side A's partner once it is known to be a bucket of ours in
// another region.
func (s *sideScreen) propose(found account.Description) tea.Cmd {
	region := found.Region
	if s.touched || found.Holder != account.Ours || region == "" || region == s.host.Chosen().Pair.A.Region {
		return nil
	}
	s.side().Region, s.inBucket, s.buckets = region, true, widget.List{}
	s.selectRegion(region)
	if i := slices.Index(s.existing, s.proposed); s.readFrom == region && i >= 0 {
		s.buckets.Selected = i + 1
	}
	return s.readBuckets()
}

// found are the regions that the search leaves.
func (s *sideScreen) found() []account.Region {
	all := account.Regions()
	return slices.DeleteFunc(all, func(r account.Region) bool { return !r.Matches(s.search.Text()) })
}

func (s *sideScreen) selectRegion(code string) {
	for i, r := range s.found() {
		if r.Code == code {
			s.regions.Selected = i
		}
	}
}

// takeRegion makes the selected region this side's, and renames the proposed
// bucket after it where the name still is the proposal.
func (s *sideScreen) takeRegion() tea.Cmd {
	found := s.found()
	if s.regions.Selected >= len(found) {
		return nil
	}
	s.touched = true
	region, side := found[s.regions.Selected].Code, s.side()
	if old := side.Region; old != region {
		if proposal := s.newName.String(); len(proposal) > len(old) && proposal[len(proposal)-len(old):] == old {
			s.newName = widget.NewField(proposal[:len(proposal)-len(old)] + region)
		}
		side.Region = region
		s.buckets = widget.List{}
	}
	s.refusal = ""
	s.search.Clear()
	s.filter.Clear()
	s.selectRegion(region)
	s.inBucket = true
	return s.readBuckets()
}

// readBuckets lists the region's buckets in the background, once, and looks
// whether the new name is free.
func (s *sideScreen) readBuckets() tea.Cmd {
	region := s.side().Region
	look := s.Look(s.newName.String())
	if s.readFrom == region {
		return look
	}
	s.readFrom, s.reading, s.existing, s.failure = region, true, nil, ""
	access := s.host.Chosen().Access.Of(s.name)
	list := s.host.Ask("listing the buckets", func(ctx context.Context) host.Result {
		ctx, cancel := context.WithTimeout(ctx, lookWithin)
		defer cancel()
		names, err := s.do.Buckets(ctx, access, region)
		return func() tea.Cmd { return s.bucketsRead(access.Label(), region, names, err) }
	})
	return tea.Batch(list, look)
}

// bucketsRead takes the buckets of a region.
func (s *sideScreen) bucketsRead(label, region string, names []string, err error) tea.Cmd {
	if region != s.readFrom || label != s.host.Chosen().Access.Of(s.name).Label() {
		return nil
	}
	s.reading, s.existing = false, names
	s.filter.Clear()
	if err != nil {
		s.failure = apierror.Describe(err)
		return nil
	}
	if s.buckets.Selected == 0 { // else it was chosen by hand meanwhile
		if chosen := slices.Index(names, s.proposed); chosen >= 0 {
			s.buckets.Selected = chosen + 1 // side A's partner
		} else if chosen := slices.Index(names, s.newName.String()); chosen >= 0 {
			s.buckets.Selected = chosen + 1 // given by name, and there already
		}
	}
	return s.lookAtFirst()
}

// lookAtFirst takes a glance at the first buckets of the region; the rest is
// looked at when it is selected.
func (s *sideScreen) lookAtFirst() tea.Cmd {
	const most = 20
	first := s.existing[:min(len(s.existing), most)]
	looks := make([]tea.Cmd, len(first))
	for i, name := range first {
		looks[i] = s.Look(name)
	}
	return tea.Batch(looks...)
}

// named is this side with a bucket.
func (s *sideScreen) named(bucket string) pair.Side {
	return pair.Side{Region: s.side().Region, Bucket: bucket}
}

// Look takes a glance at a bucket in the background, once for each name.
func (s *sideScreen) Look(bucket string) tea.Cmd {
	if s.named(bucket).CheckBucket() != nil {
		return nil
	}
	if _, known := s.notes[bucket]; known {
		return nil
	}
	s.notes[bucket] = bucketNote{looking: true}
	access, side := s.host.Chosen().Access.Of(s.name), s.named(bucket)
	return s.host.Ask("looking at a bucket", func(ctx context.Context) host.Result {
		ctx, cancel := context.WithTimeout(ctx, lookWithin)
		defer cancel()
		found, err := s.do.Describe(ctx, access, side)
		return func() tea.Cmd { return s.bucketSeen(access.Label(), bucket, found, err) }
	})
}

// bucketSeen takes the glance at one bucket.
func (s *sideScreen) bucketSeen(label, bucket string, found account.Description, err error) tea.Cmd {
	if label != s.host.Chosen().Access.Of(s.name).Label() {
		return nil
	}
	note := bucketNote{found: found}
	if err != nil {
		note.failure = apierror.Describe(err)
	}
	s.notes[bucket] = note
	if bucket == s.proposed && s.host.At() == host.SideB && !s.editing && s.Typing() == nil {
		return s.propose(found)
	}
	return nil
}

// lookSoon looks at the name being typed once the typing pauses.
func (s *sideScreen) lookSoon() tea.Cmd {
	typed := s.newName.String()
	return tea.Tick(400*time.Millisecond, func(time.Time) tea.Msg {
		return host.Result(func() tea.Cmd {
			if s.newName.String() != typed {
				return nil
			}
			return s.Look(typed)
		})
	})
}
