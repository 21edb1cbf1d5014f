package buckets

import (
	"bothways/aws/sandbox/xmltree"
)

// What a new bucket has (S3 User Guide: Default encryption FAQ, Blocking public
// access, Controlling ownership of objects, Default SSE-C setting for new
// buckets FAQ).

func publicAccessBlockDocument() []byte {
	root := &xmltree.Node{Name: "PublicAccessBlockConfiguration"}
	for _, name := range []string{"BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"} {
		root.Children = append(root.Children, &xmltree.Node{Name: name, Text: "true"})
	}
	return root.Document()
}

func ownershipDocument(ownership string) []byte {
	return (&xmltree.Node{Name: "OwnershipControls", Children: []*xmltree.Node{
		{Name: "Rule", Children: []*xmltree.Node{{Name: "ObjectOwnership", Text: ownership}}},
	}}).Document()
}

func requestPaymentDocument() []byte {
	return (&xmltree.Node{Name: "RequestPaymentConfiguration", Children: []*xmltree.Node{
		{Name: "Payer", Text: "BucketOwner"},
	}}).Document()
}
