package wanted

import (
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// InPlace says what a backfill does in place on a side.
type InPlace struct{ Copies, Marks bool }

// AuditRights lists what the credentials of both sides must be allowed for an audit
// of all of a pair's versions, beside what reading a pair takes.
func AuditRights(p pair.Pair) []survey.Right {
	var all []survey.Right
	for _, name := range pair.Sides() {
		add := func(resource, why string, optional bool, actions ...string) {
			for _, action := range actions {
				all = append(all, survey.Right{Side: name, Action: action, Resource: resource, Why: why, For: pair.Audit, Optional: optional})
			}
		}
		objects := ObjectsUnder(p.Side(name), "")
		add(p.Side(name).BucketARN(), "to list all versions", false, "s3:ListBucketVersions")
		add(objects, "to tell why a version is missing, and to compare what both sides have", false, "s3:GetObjectVersion")
		add(objects, "to see whether rules that go by tags cover a version, and to compare checksums of parts", true, "s3:GetObjectVersionTagging", "s3:GetObjectVersionAttributes")
	}
	return all
}

// placeRights are those to copy versions in place, and to place delete markers
// (S3 API reference, CopyObject and DeleteObject; IAM's actions are named so in the
// S3 User Guide, "Required permissions for Amazon S3 API operations").
func placeRights(s *survey.Survey, name pair.SideName, does InPlace) []survey.Right {
	var all []survey.Right
	objects := ObjectsUnder(s.World.Pair.Side(name), "")
	add := func(why string, actions ...string) {
		for _, action := range actions {
			all = append(all, survey.Right{Side: name, Action: action, Resource: objects, Why: why, For: pair.Backfill})
		}
	}
	if does.Copies {
		add("to write versions again in place, with their tags", "s3:PutObject", "s3:GetObjectVersionTagging", "s3:PutObjectTagging", "s3:AbortMultipartUpload")
		if locked(s, name) {
			add("copies keep their retention and legal hold", "s3:GetObjectRetention", "s3:GetObjectLegalHold", "s3:PutObjectRetention", "s3:PutObjectLegalHold")
		}
	}
	if does.Marks {
		add("to place delete markers", "s3:DeleteObject")
	}
	return all
}

// loopRights are those of an audit, of inventories with buckets that bothways makes,
// and of a backfill of both directions with such buckets, copies in place and delete
// markers.
func loopRights(s *survey.Survey, w *Documents) []survey.Right {
	buckets, makes, placed := map[pair.SideName]pair.Side{}, map[pair.SideName]bool{}, map[pair.SideName]InPlace{}
	for _, name := range pair.Sides() {
		account := s.Sides[name].Identity.Account
		buckets[name] = pair.Side{Region: w.Pair.Side(name).Region, Bucket: w.Pair.BackfillBucket(name, account)}
		makes[name], placed[name] = true, InPlace{Copies: true, Marks: true}
	}
	all := append(AuditRights(w.Pair), BackfillRights(s, pair.Directions(), buckets, makes, placed)...)
	for _, name := range pair.Sides() {
		lists := pair.Side{Region: w.Pair.Side(name).Region, Bucket: w.Pair.InventoryBucket(name, s.Sides[name].Identity.Account)}
		all = append(all, InventoryRights(w.Pair, name, lists, true)...)
		for _, key := range w.keysOf(name) {
			for _, action := range []string{"kms:Decrypt", "kms:GenerateDataKey"} {
				all = append(all, survey.Right{
					Side: name, Action: action, Resource: key, For: pair.Backfill, Through: w.keyThrough(name, ""), Why: "to compare the checksums of what is under this key, and to copy it in place",
				})
			}
		}
	}
	return all
}
