package body

const (
	maxParts    = 10_000 // S3 User Guide, "Amazon S3 multipart upload limits"
	partSizeMin = 8 << 20

	// SinglePutMax is the most bytes of an object that goes up in one request.
	SinglePutMax = 16 << 20
	// MaxSize is the most bytes of an object that S3 takes: 10,000 parts of
	// 5 GiB (S3 User Guide, "Amazon S3 multipart upload limits").
	MaxSize int64 = maxParts * (5 << 30)
)

// PartSize is 8 MiB, or more in whole MiB where 10,000 parts would not do.
func PartSize(size int64) int64 {
	const mebibyte = 1 << 20
	least := (size + maxParts - 1) / maxParts
	return max(partSizeMin, (least+mebibyte-1)/mebibyte*mebibyte)
}

// Requests counts what one upload of so many bytes takes.
func Requests(size int64) int64 {
	if size <= SinglePutMax {
		return 1
	}
	step := PartSize(size)
	return (size+step-1)/step + 2
}
