package checksum

import (
	"bytes"
	"encoding/base64"
	"testing"
	"testing/quick"

	"bothways/aws/sandbox/sigv4"
	"bothways/aws/sandbox/store"
)

func TestNVMeChecksumMatchesItsCheckValue(t *testing.T) {
	sum := sigv4.NewDigest("CRC64NVME")
	sum.Write([]byte("123456789"))
	// The check value of CRC-64/NVME in the NVM Express specification.
	if got := bigEndian(sum.Sum(nil)); got != 0xae8b14860a799888 {
		t.Errorf("got %x", got)
	}
}

func TestJoinedCRCIsThatOfTheJoinedBytes(t *testing.T) {
	bodies, err := store.OpenBodyStore(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer bodies.Close()
	part := func(t *testing.T, algorithm string, content []byte) *store.UploadPart {
		sum := sigv4.NewDigest(algorithm)
		body, err := bodies.Write(bytes.NewReader(content), sum)
		if err != nil {
			t.Fatal(err)
		}
		return &store.UploadPart{Body: body, Checksum: store.Checksum{Value: base64.StdEncoding.EncodeToString(sum.Sum(nil))}}
	}
	for _, algorithm := range []string{"CRC32", "CRC32C", "CRC64NVME"} {
		t.Run(algorithm, func(t *testing.T) {
			same := func(first, second, third []byte) bool {
				got, err := joinCRCs(algorithm, []*store.UploadPart{
					part(t, algorithm, first), part(t, algorithm, second), part(t, algorithm, third),
				})
				whole := sigv4.NewDigest(algorithm)
				whole.Write(first)
				whole.Write(second)
				whole.Write(third)
				return err == nil && got == base64.StdEncoding.EncodeToString(whole.Sum(nil))
			}
			if err := quick.Check(same, nil); err != nil {
				t.Error(err)
			}
		})
	}
}
