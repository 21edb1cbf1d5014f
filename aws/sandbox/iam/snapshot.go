package iam

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"bothways/aws/sandbox/iam/policy"
	"bothways/aws/sandbox/sigv4"
)

// Snapshot is all of a directory, to be kept between runs. Sessions that a
// session policy narrows are left out.
type Snapshot struct {
	Account  string
	Created  time.Time
	SCP      string `json:",omitempty"`
	Users    []entitySnapshot
	Roles    []roleSnapshot
	Policies []policySnapshot
	Keys     []keySnapshot
	Profiles []*instanceProfile `json:",omitempty"`
}

// entitySnapshot is a user, or the part of a role that users have too.
type entitySnapshot struct {
	Name, Path, ARN, ID string
	Created             time.Time
	Inline              map[string]string `json:",omitempty"`
	Attached            []string          `json:",omitempty"`
	Boundary            string            `json:",omitempty"`
	Tags                []tag             `json:",omitempty"`
}

type roleSnapshot struct {
	entitySnapshot
	Description string `json:",omitempty"`
	MaxSession  time.Duration
	Trust       string
}

type policySnapshot struct {
	ARN, Name, Path, ID, Description string
	Created                          time.Time
	Text                             string          `json:",omitempty"` // of v1, where there are no Versions
	Versions                         []policyVersion `json:",omitempty"`
	Default                          int             `json:",omitempty"`
	Last                             int             `json:",omitempty"` // the highest number that a version has had
	Tags                             []tag           `json:",omitempty"`
}

type keySnapshot struct {
	AccessKeyID                             string
	Key                                     sigv4.Key
	Kind                                    policy.Kind
	ARN, UserID, Name, RoleARN, SessionName string
	Created                                 time.Time
	Inactive                                bool `json:",omitempty"`
}

// Watch reports the changes of every directory from now on, as a snapshot of what
// it has become. The call must not use the directory.
func (a *Accounts) Watch(changed func(Snapshot)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.changed = changed
}

// Snapshots returns all directories as they are.
func (a *Accounts) Snapshots() []Snapshot {
	directories := a.All()
	all := make([]Snapshot, 0, len(directories))
	for _, d := range directories {
		a.mu.RLock()
		all = append(all, d.snapshot())
		a.mu.RUnlock()
	}
	return all
}

// tell is called after a change, with the lock held.
func (d *Directory) tell() {
	if d.accounts != nil && d.accounts.changed != nil {
		d.accounts.changed(d.snapshot())
	}
}

// changes says whether a call changes the directory.
func changes(action string) bool {
	for _, prefix := range []string{"Get", "List", "Simulate"} {
		if strings.HasPrefix(action, prefix) {
			return action == "GetSessionToken"
		}
	}
	return true
}

// snapshot copies what is there; the lock is held.
func (d *Directory) snapshot() Snapshot {
	s := Snapshot{Account: d.account, Created: d.created, SCP: d.scpText}
	for _, u := range d.users {
		s.Users = append(s.Users, u.snapshot())
	}
	for _, history := range d.roles {
		if r := history.latest(); r != nil {
			s.Roles = append(s.Roles, roleSnapshot{r.snapshot(), r.description, r.maxSession, r.trust})
		}
	}
	for arn, p := range d.policies {
		if !strings.HasPrefix(arn, d.arn("aws", "")) {
			s.Policies = append(s.Policies, policySnapshot{
				ARN: arn, Name: p.name, Path: p.path, ID: p.id, Description: p.description, Created: p.created,
				Versions: p.versions, Default: p.standard, Last: p.last, Tags: p.tags,
			})
		}
	}
	for id, k := range d.keys {
		if p := k.principal; p.SessionPolicy == nil {
			s.Keys = append(s.Keys, keySnapshot{id, k.key, p.Kind, p.ARN, p.UserID, p.Name, p.RoleARN, p.SessionName, k.created, k.inactive})
		}
	}
	for _, p := range d.profiles {
		s.Profiles = append(s.Profiles, p)
	}
	return s
}

func (e *entity) snapshot() entitySnapshot {
	texts := make(map[string]string, len(e.inline))
	for name, p := range e.inline {
		texts[name] = p.text
	}
	return entitySnapshot{e.name, e.path, e.arn, e.id, e.created, texts, e.attached, e.boundary, e.tags}
}

// Restore makes a directory what it was when the snapshot was taken.
func (a *Accounts) Restore(value json.RawMessage) error {
	var s Snapshot
	if err := json.Unmarshal(value, &s); err != nil {
		return err
	}
	if len(s.Account) != 12 {
		return fmt.Errorf("%q is no account", s.Account)
	}
	fresh := New(s.Account, a.propagation)
	fresh.created = s.Created
	if err := fresh.SetServiceControlPolicy(s.SCP); err != nil {
		return err
	}
	if err := fresh.restore(s); err != nil {
		return fmt.Errorf("account %s: %w", s.Account, err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	fresh.mu, fresh.accounts = &a.mu, a
	a.directories[s.Account] = fresh
	return nil
}

// restore fills a directory that nobody uses yet.
func (d *Directory) restore(s Snapshot) error {
	for _, p := range s.Policies {
		restored, err := p.restored()
		if err != nil {
			return fmt.Errorf("policy %s: %w", p.ARN, err)
		}
		d.policies[p.ARN] = restored
	}
	for _, u := range s.Users {
		restored, err := u.restored()
		if err != nil {
			return fmt.Errorf("user %s: %w", u.Name, err)
		}
		d.users[strings.ToLower(u.Name)] = &user{restored}
	}
	for _, r := range s.Roles {
		restored, err := r.restored()
		if err != nil {
			return fmt.Errorf("role %s: %w", r.Name, err)
		}
		trust, err := policy.Parse(r.Trust, policy.Trust)
		if err != nil {
			return fmt.Errorf("role %s: %w", r.Name, err)
		}
		d.roles[strings.ToLower(r.Name)] = &roleHistory{versions: []roleVersion{{r.Created, &role{
			entity: restored, description: r.Description, maxSession: r.MaxSession, trust: r.Trust, trustParsed: trust,
		}}}}
	}
	for _, k := range s.Keys {
		d.keys[k.AccessKeyID] = accessKey{key: k.Key, created: k.Created, inactive: k.Inactive, principal: Principal{
			Kind: k.Kind, ARN: k.ARN, AccountID: s.Account, UserID: k.UserID, Name: k.Name, RoleARN: k.RoleARN, SessionName: k.SessionName,
		}}
	}
	for _, p := range s.Profiles {
		d.profiles[strings.ToLower(p.Name)] = p
	}
	return nil
}

func (p policySnapshot) restored() (*managedPolicy, error) {
	if len(p.Versions) == 0 {
		p.Versions, p.Default = []policyVersion{{1, p.Text, p.Created}}, 1
	}
	restored := &managedPolicy{
		arn: p.ARN, name: p.Name, path: p.Path, id: p.ID, description: p.Description, created: p.Created, tags: p.Tags,
		versions: p.Versions, standard: p.Default, last: max(p.Last, p.Versions[len(p.Versions)-1].Number),
	}
	for _, v := range p.Versions {
		parsed, err := policy.Parse(v.Text, policy.Identity)
		if err != nil {
			return nil, err
		}
		if v.Number == p.Default {
			restored.parsed = parsed
		}
	}
	if restored.parsed == nil {
		return nil, fmt.Errorf("there is no version %d", p.Default)
	}
	return restored, nil
}

func (s *entitySnapshot) restored() (entity, error) {
	inline := make(map[string]inlinePolicy, len(s.Inline))
	for name, text := range s.Inline {
		p, err := newInlinePolicy(text)
		if err != nil {
			return entity{}, fmt.Errorf("policy %s: %w", name, err)
		}
		inline[name] = p
	}
	return entity{s.Name, s.Path, s.ARN, s.ID, s.Created, inline, s.Attached, s.Boundary, s.Tags}, nil
}
