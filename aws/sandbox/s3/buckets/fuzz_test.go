package buckets

import (
	"testing"

	"bothways/aws/sandbox/refusal/refusaltest"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

func FuzzSettings(f *testing.F) {
	f.Add("lifecycle", "<LifecycleConfiguration><Rule><Prefix/><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>")
	f.Add("object-lock", "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>1</Days></DefaultRetention></Rule></ObjectLockConfiguration>")
	f.Add("encryption", "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>")
	f.Add("publicAccessBlock", "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>")
	f.Add("ownershipControls", "<OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>")
	f.Add("cors", "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>")
	f.Fuzz(func(t *testing.T, name, doc string) {
		s, found := settings[name]
		root, err := xmltree.Parse([]byte(doc))
		if !found || s.check == nil || err != nil {
			return
		}
		b := &store.Bucket{}
		if err := s.check(root, b); err != nil {
			refusaltest.Only(t, err)
			return
		}
		// What was taken must be readable again, and good again.
		again, err := xmltree.Parse(root.Document())
		if err != nil {
			t.Fatalf("%s is kept as %s: %v", doc, root.Document(), err)
		}
		if err := s.check(again, b); err != nil {
			t.Errorf("%s is kept as %s: %v", doc, root.Document(), err)
		}
	})
}

func FuzzCheckPolicy(f *testing.F) {
	f.Add(`{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]}`)
	f.Add(`{"Statement":{"Effect":"Deny","NotPrincipal":{"AWS":"1"},"NotAction":["s3:*"],"NotResource":["arn:aws:s3:::*"]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		refusaltest.Only(t, checkPolicy([]byte(text), "arn:aws:s3:::b"))
	})
}
