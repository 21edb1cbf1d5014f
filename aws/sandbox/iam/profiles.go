package iam

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"bothways/aws/sandbox/refusal"
)

// instanceProfile is what an EC2 instance takes its role from. There are no instances here: the profiles are kept for
// those who set them up beside their roles.
type instanceProfile struct {
	Name, Path, ARN, ID string
	Created             time.Time
	Role                string `json:",omitempty"` // the name, "" for none
	Tags                []tag  `json:",omitempty"`
}

// profileXML is a profile as it appears in answers.
type profileXML struct {
	Path                string
	InstanceProfileName string
	InstanceProfileID   string `xml:"InstanceProfileId"`
	Arn                 string
	CreateDate          string
	Roles               members[roleXML]
	Tags                *members[tag] `xml:",omitempty"`
}

func (p *instanceProfile) xml(d *Directory) profileXML {
	x := profileXML{Path: p.Path, InstanceProfileName: p.Name, InstanceProfileID: p.ID, Arn: p.ARN, CreateDate: timestamp(p.Created)}
	if r := d.findRole(p.Role); r != nil {
		x.Roles.Member = []roleXML{r.xml(false)}
	}
	if len(p.Tags) > 0 {
		x.Tags = &members[tag]{p.Tags}
	}
	return x
}

// profiled says whether an instance profile has the role.
func (d *Directory) profiled(role string) bool {
	for _, p := range d.profiles {
		if p.Role == role {
			return true
		}
	}
	return false
}

// ofProfile makes a call of what is done with the instance profile that it names.
func ofProfile(do func(*Directory, *query, *instanceProfile) (any, error)) func(*Directory, *query) (any, error) {
	return func(d *Directory, q *query) (any, error) {
		name, err := q.name("InstanceProfileName", 128)
		if err != nil {
			return nil, err
		}
		if p := d.profiles[strings.ToLower(name)]; p != nil {
			return do(d, q, p)
		}
		return nil, errNoSuchEntity("Instance Profile " + name + " cannot be found.")
	}
}

type profileResult struct{ InstanceProfile profileXML }

func createProfile(d *Directory, q *query) (any, error) {
	name, err := q.name("InstanceProfileName", 128)
	if err != nil {
		return nil, err
	}
	path, err := q.path()
	if err != nil {
		return nil, err
	}
	tags, err := mergeTags(nil, q.tags())
	if err != nil {
		return nil, err
	}
	if d.profiles[strings.ToLower(name)] != nil {
		return nil, refusal.New(http.StatusConflict, "EntityAlreadyExists", "Instance Profile "+name+" already exists.")
	}
	p := &instanceProfile{Name: name, Path: path, ARN: d.arn(d.account, "instance-profile"+path+name), ID: uniqueID("AIPA"), Created: time.Now(), Tags: tags}
	d.profiles[strings.ToLower(name)] = p
	return profileResult{p.xml(d)}, nil
}

func getProfile(d *Directory, _ *query, p *instanceProfile) (any, error) {
	return profileResult{p.xml(d)}, nil
}

func deleteProfile(d *Directory, _ *query, p *instanceProfile) (any, error) {
	if p.Role != "" {
		return nil, refusal.New(http.StatusConflict, "DeleteConflict", "Cannot delete entity, must remove roles from instance profile first.")
	}
	delete(d.profiles, strings.ToLower(p.Name))
	return nil, nil
}

func addRoleToProfile(d *Directory, q *query, p *instanceProfile) (any, error) {
	r, err := q.role(d)
	if err != nil {
		return nil, err
	}
	if p.Role != "" {
		return nil, errLimit("InstanceSessionsPerInstanceProfile", 1)
	}
	p.Role = r.name
	return nil, nil
}

func removeRoleFromProfile(_ *Directory, q *query, p *instanceProfile) (any, error) {
	name, err := q.name("RoleName", 64)
	if err != nil {
		return nil, err
	}
	if !strings.EqualFold(name, p.Role) {
		return nil, errNoRole(name)
	}
	p.Role = ""
	return nil, nil
}

func listProfiles(d *Directory, q *query) (any, error) {
	return d.profilePage(q, func(p *instanceProfile) bool { return strings.HasPrefix(p.Path, q.get("PathPrefix")) })
}

func listProfilesForRole(d *Directory, q *query, r *role) (any, error) {
	return d.profilePage(q, func(p *instanceProfile) bool { return p.Role == r.name })
}

func (d *Directory) profilePage(q *query, concerns func(*instanceProfile) bool) (any, error) {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(d.profiles)), func(name string) bool { return !concerns(d.profiles[name]) })
	profiles, more, err := page(q, names, func(name string) profileXML { return d.profiles[name].xml(d) })
	return struct {
		InstanceProfiles members[profileXML]
		paging
	}{profiles, more}, err
}

func tagProfile(_ *Directory, q *query, p *instanceProfile) (any, error) {
	return nil, retag(q, &p.Tags)
}

func untagProfile(_ *Directory, q *query, p *instanceProfile) (any, error) {
	untag(q, &p.Tags)
	return nil, nil
}

func listProfileTags(_ *Directory, q *query, p *instanceProfile) (any, error) {
	return listTags(q, p.Tags)
}
