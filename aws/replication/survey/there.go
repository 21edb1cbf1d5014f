package survey

import "bothways/aws/pair"

// Absent says that the service answered that there is no such bucket. Only its
// 404 says so: a refusal, a silence and a region that is off say nothing of what
// is there.
func (s Side) Absent() bool { return !s.Exists && !s.Unseen() }

// Unseen says that whether the bucket is there, or what it holds, is not known.
func (s Side) Unseen() bool { return s.Foreign || s.RegionOff || s.Silent != "" }

// NotReached says why a side's bucket can't be worked with, or is "".
func (s *Survey) NotReached(name pair.SideName) string {
	found, want := s.Sides[name], s.World.Pair.Side(name)
	switch {
	case found.RegionOff:
		return "region " + want.Region + " is not enabled for this account"
	case found.Silent != "":
		return "bucket " + want.Bucket + " does not answer (" + found.Silent + ")"
	case found.Foreign:
		if why := found.Refusals["s3:ListBucket"]; !why.Missing() {
			return "bucket " + want.Bucket + " is out of reach: " + why.Words()
		}
		return "bucket " + want.Bucket + " is out of reach of these credentials"
	case !found.Exists:
		return "there is no bucket " + want.Bucket
	case found.RealRegion != want.Region:
		return "bucket " + want.Bucket + " lies in " + found.RealRegion
	}
	return ""
}
