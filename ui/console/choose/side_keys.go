package choose

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/ui/console/host"
	"bothways/ui/console/widget"
)

func (s *sideScreen) Bindings() []widget.Binding {
	switch {
	case s.profile != nil:
		return s.profileBindings()
	case s.editing:
		return []widget.Binding{
			widget.Bind("enter", "use this name", s.take, "enter"),
			widget.Bind("esc", "as it was", widget.Act(s.asItWas), "esc"),
			widget.Bind("↓", "choose another", widget.Act(func() { s.asItWas(); s.buckets.Move(1, s.rows()) }), "down").AsMinor(),
		}
	case s.inBucket:
		return s.bucketBindings()
	}
	bindings := append([]widget.Binding{widget.Bind("enter", "take this region", s.takeRegion, "enter")},
		s.regions.Bindings("choose", len(s.found()), widget.Act(s.search.Leave))...)
	bindings = append(bindings, s.search.Bindings(true, s.find, widget.Act(s.endSearch))...)
	if s.search.On() {
		return bindings
	}
	return append(append(bindings, s.profileBinding()...), widget.Bind("esc", "back", s.back, "esc"))
}

func (s *sideScreen) bucketBindings() []widget.Binding {
	bindings := []widget.Binding{widget.Bind("enter", "go on", s.take, "enter")}
	if s.rows() > 1 {
		bindings = append(bindings, s.buckets.Bindings("choose", s.rows(), func() tea.Cmd {
			s.refusal = ""
			s.filter.Leave()
			return s.Look(s.selectedBucket())
		})...)
	}
	bindings = append(bindings, s.filter.Bindings(len(s.existing) > 1, func() {
		s.refusal = ""
		s.filter.Open(s.existing...)
	}, s.endFilter)...)
	if s.filter.Typing() != nil {
		return bindings
	}
	bindings = append(bindings, widget.Bind("e", "edit the new name", widget.Act(func() {
		s.filter.Clear()
		s.buckets.Selected, s.editing, s.refusal = 0, true, ""
		s.was = s.newName.String()
	}), "e"))
	if s.failure != "" {
		bindings = append(bindings, widget.Bind("r", "list again", func() tea.Cmd {
			s.forget()
			return s.readBuckets()
		}, "r"))
	}
	bindings = append(bindings, s.profileBinding()...)
	if s.filter.On() {
		return bindings
	}
	return append(bindings, widget.Bind("esc", "region", widget.Act(func() { s.inBucket = false }), "esc"))
}

// asItWas leaves the name's field without taking what was typed.
func (s *sideScreen) asItWas() {
	s.newName, s.editing, s.refusal = widget.NewField(s.was), false, ""
}

// find opens the filter of the regions, which proposes their codes.
func (s *sideScreen) find() {
	regions := account.Regions()
	codes := make([]string, 0, len(regions))
	for _, r := range regions {
		codes = append(codes, r.Code)
	}
	s.search.Open(codes...)
}

func (s *sideScreen) endSearch() {
	code := s.side().Region
	if found := s.found(); s.regions.Selected < len(found) {
		code = found[s.regions.Selected].Code
	}
	s.search.Clear()
	s.selectRegion(code)
}

// endFilter lists all buckets again, with the same one chosen.
func (s *sideScreen) endFilter() tea.Cmd {
	bucket := s.selectedBucket()
	s.filter.Clear()
	if s.buckets.Selected > 0 {
		s.buckets.Selected = 1 + slices.Index(s.existing, bucket)
	}
	return nil
}

// listed are the existing buckets that the filter leaves.
func (s *sideScreen) listed() []string {
	return slices.DeleteFunc(slices.Clone(s.existing), func(name string) bool { return !s.filter.Passes(name) })
}

func (s *sideScreen) back() tea.Cmd {
	if s.name == pair.A {
		return s.host.GoTo(host.Where)
	}
	return s.host.GoTo(host.SideA)
}

// rows counts the bucket list: the new name and the existing buckets.
func (s *sideScreen) rows() int { return 1 + len(s.listed()) }

func (s *sideScreen) selectedBucket() string {
	if i, listed := s.buckets.Selected, s.listed(); i > 0 && i <= len(listed) {
		return listed[i-1]
	}
	return s.newName.String()
}

// take accepts the selected bucket and goes on, or says why it can't be.
func (s *sideScreen) take() tea.Cmd {
	bucket := s.selectedBucket()
	if s.refusal = s.refuse(bucket); s.refusal != "" {
		if !s.editing && s.buckets.Selected == 0 {
			s.editing, s.was = true, s.newName.String()
		}
		return nil
	}
	s.editing = false
	s.side().Bucket = bucket
	if s.name == pair.A {
		return s.host.GoTo(host.SideB)
	}
	if err := s.host.Chosen().Pair.Check(); err != nil {
		s.refusal = err.Error()
		return nil
	}
	return s.host.GoTo(host.Options)
}

// refuseName says why no bucket can be named so, or no new one, or "".
func (s *sideScreen) refuseName(bucket string) string {
	if err := s.named(bucket).CheckBucket(); err != nil {
		return err.Error()
	}
	if err := s.named(bucket).CheckNewBucket(); err != nil && s.notes[bucket].found.Holder == account.Nobody {
		return "there is no such bucket, and a new one cannot be named so: " + err.Error()
	}
	return ""
}

// refuse says why a bucket can't be this side's, or "".
func (s *sideScreen) refuse(bucket string) string {
	if why := s.refuseName(bucket); why != "" {
		return why
	}
	note := s.notes[bucket]
	if note.found.Holder == account.Others {
		return "the name " + bucket + " is taken, by somebody else or by a bucket that these credentials may not read: choose another, such as " +
			demoName(demoLetters(uint64(s.host.Now().UnixNano())), s.side().Region)
	}
	if r := note.found.Region; r != "" && r != s.side().Region {
		return "the bucket " + bucket + " lies in " + r + ": choose that region, or another bucket"
	}
	return ""
}

func (s *sideScreen) Fields() bool { return true }

func (s *sideScreen) Typing() *widget.Field {
	switch {
	case s.profile != nil:
		return nil
	case s.editing:
		return &s.newName
	case s.inBucket:
		return s.filter.Typing()
	}
	return s.search.Typing()
}

func (s *sideScreen) Typed() tea.Cmd {
	if s.editing {
		s.refusal = ""
		return s.lookSoon()
	}
	if s.inBucket { // the first that is left, not the new name
		s.buckets.Selected = min(1, len(s.listed()))
		return s.Look(s.selectedBucket())
	}
	s.regions.Selected = 0
	return nil
}

func (s *sideScreen) Choose(line, _ int) {
	if o := s.profile; o != nil {
		if i := o.list.Hit(line); i >= 0 && o.opening == 0 {
			o.list.Selected = i
		}
		return
	}
	if s.editing {
		s.asItWas()
	}
	if i := s.regions.Hit(line); i >= 0 {
		s.inBucket, s.touched, s.regions.Selected = false, true, i
	}
	if i := s.buckets.Hit(line); i >= 0 && i < s.rows() {
		s.inBucket, s.touched, s.buckets.Selected = true, true, i
		s.selectRegion(s.side().Region) // the one that the buckets are in
	}
}
