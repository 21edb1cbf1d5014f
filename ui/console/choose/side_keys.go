package choose

import (
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
	n := len(s.found())
	page := func(by int) func() tea.Cmd { return widget.Act(func() { s.regions.Move(by, n) }) }
	bindings := append([]widget.Binding{widget.Bind("enter", "take this region", s.takeRegion, "enter")}, s.regions.ArrowBindings("choose", n, nil)...)
	bindings = append(bindings,
		widget.Bind("pgup pgdn", "a page", page(-10), "pgup").AsMinor(),
		widget.Bind("pgdn", "a page down", page(10), "pgdown").AsTwin())
	if s.searching || s.search.String() != "" {
		return append(bindings, widget.Bind("esc", "end the search", widget.Act(s.endSearch), "esc"))
	}
	bindings = append(bindings, widget.Bind("/", "search", widget.Act(s.find), "/"))
	return append(append(bindings, s.profileBinding()...), widget.Bind("esc", "back", s.back, "esc"))
}

func (s *sideScreen) bucketBindings() []widget.Binding {
	bindings := []widget.Binding{widget.Bind("enter", "go on", s.take, "enter")}
	if s.rows() > 1 {
		bindings = append(bindings, s.buckets.Bindings("choose", s.rows(), func() tea.Cmd {
			s.refusal = ""
			return s.Look(s.selectedBucket())
		})...)
	}
	bindings = append(bindings, widget.Bind("e", "edit the new name", widget.Act(func() {
		s.buckets.Selected, s.editing, s.refusal = 0, true, ""
		s.was = s.newName.String()
	}), "e"))
	if s.failure != "" {
		bindings = append(bindings, widget.Bind("r", "list again", func() tea.Cmd {
			s.forget()
			return s.readBuckets()
		}, "r"))
	}
	return append(append(bindings, s.profileBinding()...), widget.Bind("esc", "region", widget.Act(func() { s.inBucket = false }), "esc"))
}

// asItWas leaves the name's field without taking what was typed.
func (s *sideScreen) asItWas() {
	s.newName, s.editing, s.refusal = widget.NewField(s.was), false, ""
}

// find opens the search, which proposes the regions' codes.
func (s *sideScreen) find() {
	s.searching = true
	for _, r := range account.Regions() {
		s.search.Propose(r.Code)
	}
}

func (s *sideScreen) endSearch() {
	code := s.side().Region
	if found := s.found(); s.regions.Selected < len(found) {
		code = found[s.regions.Selected].Code
	}
	s.searching, s.search = false, widget.Field{}
	s.selectRegion(code)
}

func (s *sideScreen) back() tea.Cmd {
	if s.name == pair.A {
		return s.host.GoTo(host.Where)
	}
	return s.host.GoTo(host.SideA)
}

// rows counts the bucket list: the new name and the existing buckets.
func (s *sideScreen) rows() int { return 1 + len(s.existing) }

func (s *sideScreen) selectedBucket() string {
	if i := s.buckets.Selected; i > 0 && i <= len(s.existing) {
		return s.existing[i-1]
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
	case s.searching && !s.inBucket:
		return &s.search
	}
	return nil
}

func (s *sideScreen) Typed() tea.Cmd {
	if s.editing {
		s.refusal = ""
		return s.lookSoon()
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
