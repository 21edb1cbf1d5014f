package pair

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// storageClasses are those that replicas can have (S3 API reference,
// Destination; the classes of other services left out).
var storageClasses = []string{
	"STANDARD", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE", "REDUCED_REDUNDANCY",
}

var (
	keyShape = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^arn:(aws[a-z-]*):kms:([a-z0-9-]+):([0-9]{12}):key/[A-Za-z0-9-]+$`)
	})
	roleShape = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^arn:(aws[a-z-]*):iam::([0-9]{12}):role/[\w+=,.@/-]+$`)
	})
)

// StorageClasses lists the classes that replicas can have.
func StorageClasses() []string { return slices.Clone(storageClasses) }

// checkOptions says which option can't be, with its value.
func (p Pair) checkOptions() error {
	o := p.Options
	if err := CheckPrefix(o.Prefix); err != nil {
		return err
	}
	if err := o.FilterTags.Check(); err != nil {
		return fmt.Errorf("the filter: %w", err)
	}
	if err := o.MadeTags.Check(); err != nil {
		return fmt.Errorf("the tags of what is made: %w", err)
	}
	for _, tag := range o.MadeTags.List() {
		if strings.HasPrefix(tag.Key, "bothways:") {
			return fmt.Errorf("the tags of what is made: %q is bothways' own mark", tag.Key)
		}
	}
	if o.FilterTags != "" && o.DeleteMarkers {
		return fmt.Errorf("a rule that filters by tags can't replicate delete markers: leave one of them out")
	}
	if o.StorageClass != "" && !slices.Contains(storageClasses, o.StorageClass) {
		return fmt.Errorf("%q is not a storage class of S3: give one of %s", clip(o.StorageClass), strings.Join(storageClasses, ", "))
	}
	for _, name := range Sides() {
		if err := CheckKey(p.Given.Key(name), p.Side(name).Region); err != nil {
			return fmt.Errorf("side %s: %w", name, err)
		}
	}
	for _, d := range Directions() {
		if err := CheckRole(p.Given.Role(d)); err != nil {
			return fmt.Errorf("role %s: %w", d.Arrow(), err)
		}
	}
	return nil
}

// CheckKey says whether a text is the ARN of a KMS key in a region; "" is no
// key. An alias would not do: a role's policy has to name the key itself (KMS
// Developer Guide, "Using aliases to control access to KMS keys").
func CheckKey(arn, region string) error {
	if arn == "" {
		return nil
	}
	parts := keyShape().FindStringSubmatch(arn)
	switch {
	case parts == nil:
		return fmt.Errorf("%q is not the ARN of a KMS key, such as arn:aws:kms:%s:123456789012:key/1234abcd-…", clip(arn), region)
	case parts[2] != region:
		return fmt.Errorf("the KMS key %s lies in %s: S3 needs one in the bucket's region, %s", clip(arn), parts[2], region)
	case parts[1] != PartitionOf(region):
		return fmt.Errorf("the KMS key %s lies in the partition %s, the bucket in %s", clip(arn), parts[1], PartitionOf(region))
	}
	return nil
}

// CheckRole says whether a text is the ARN of an IAM role; "" is no role.
func CheckRole(arn string) error {
	if arn != "" && !roleShape().MatchString(arn) {
		return fmt.Errorf("%q is not the ARN of an IAM role, such as arn:aws:iam::123456789012:role/name", clip(arn))
	}
	return nil
}
