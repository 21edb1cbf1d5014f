package buckets

import (
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

// What a new bucket has (S3 User Guide: Default encryption FAQ, Blocking public
// access, Controlling ownership of objects, Default SSE-C setting for new
// buckets FAQ).

// Enforced is the object ownership that buckets have by default.
const Enforced = "BucketOwnerEnforced"

// Equip gives a new bucket the settings that S3 gives all.
func Equip(b *store.Bucket, ownership string) {
	b.SetSetting("ownershipControls", ownershipDocument(ownership))
	b.SetSetting("publicAccessBlock", publicAccessBlockDocument())
	b.SetSetting("encryption", encryptionDocument())
}

func publicAccessBlockDocument() []byte {
	return xmltree.Of("PublicAccessBlockConfiguration", xmltree.Leaf("BlockPublicAcls", "true"), xmltree.Leaf("IgnorePublicAcls", "true"),
		xmltree.Leaf("BlockPublicPolicy", "true"), xmltree.Leaf("RestrictPublicBuckets", "true")).Document()
}

func ownershipDocument(ownership string) []byte {
	return xmltree.Of("OwnershipControls", xmltree.Of("Rule", xmltree.Leaf("ObjectOwnership", ownership))).Document()
}

func requestPaymentDocument() []byte {
	return xmltree.Of("RequestPaymentConfiguration", xmltree.Leaf("Payer", "BucketOwner")).Document()
}
