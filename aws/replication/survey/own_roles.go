package survey

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"bothways/aws/pair"
)

// Own says whether a role that was found is the pair's: it carries its mark.
func (d Direction) Own(p pair.Pair) bool { return d.RoleExists && d.RoleMark == p.ID() }

// lookAtNamedRoles reads the roles of ours that the configurations name. They
// may have been made with another path or prefix than this run was told of:
// what stands is ours by its name and its mark. A role that the configuration
// names and that is gone is to be made again as it was.
func (s *Survey) lookAtNamedRoles(ctx context.Context) error {
	p := s.World.Pair
	for _, d := range pair.Directions() {
		configuration, direction := s.Sides[d.From()].Replication, s.Directions[d]
		if configuration == nil {
			continue
		}
		arn := aws.ToString(configuration.Role)
		name := RoleName(arn)
		if !p.NamesRole(d, name) || AccountOf(arn) != s.Sides[d.From()].Identity.Account || arn == direction.RoleARN {
			continue
		}
		found, err := LookAtDirection(ctx, s.World, d, name)
		switch {
		case err != nil:
			return fmt.Errorf("survey the role %s: %w", d.Arrow(), err)
		case found.RoleExists && found.RoleARN != arn: // the same name under another path is another role
			continue
		case found.OwnUnread != "" && !direction.Own(p), !found.RoleExists && found.OwnUnread == "" && !direction.Own(p) && p.AsksNothingOfRoles():
			found.RoleARN = arn
		case !found.Own(p):
			continue
		}
		s.Directions[d] = found
	}
	return nil
}

// ownNamed reads a role of an account's list, if its name is one that bothways
// gives. It is nil where it is not ours, and unread says why that is not known.
func (s *Survey) ownNamed(ctx context.Context, d pair.Direction, role types.Role) (own *Direction, unread string, err error) {
	name := aws.ToString(role.RoleName)
	if !s.World.Pair.NamesRole(d, name) {
		return nil, "", nil
	}
	found, err := LookAtDirection(ctx, s.World, d, name)
	switch {
	case err != nil:
		return nil, "", err
	case found.OwnUnread != "":
		return nil, "iam:GetRole of " + name + ": " + found.OwnUnread, nil
	case !found.Own(s.World.Pair):
		return nil, "", nil
	}
	return &found, "", nil
}

// remembered reads the role by the prefix that an earlier run on this computer
// was told of, for where the account's roles may not be listed.
func (s *Survey) remembered(ctx context.Context, d pair.Direction) (*Direction, error) {
	was := s.World.Pair
	if was.Options.RolePrefix = s.World.RolePrefix; was.Options.RolePrefix == s.World.Pair.Options.RolePrefix {
		return nil, nil
	}
	name := was.RoleName(d)
	found, err := LookAtDirection(ctx, s.World, d, name)
	if err != nil || !found.Own(was) {
		return nil, err
	}
	return &found, nil
}
