package hostile

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash"
	"hash/adler32"
	"hash/crc32"
	"net/http"
)

// gzipBomb sends ?mb megabytes of nothing, a thousand times smaller on the wire.
func gzipBomb(v *visit) {
	sum := crc32.NewIEEE()
	mb := v.bomb("gzip", gzipHeader(), sum)
	// The trailer of RFC 1952, 2.3.1.
	end := binary.LittleEndian.AppendUint32(nil, sum.Sum32())
	v.write(binary.LittleEndian.AppendUint32(end, uint32(mb)<<20))
}

// deflateBomb sends the same in the wrapping of RFC 1950.
func deflateBomb(v *visit) {
	sum := adler32.New()
	v.bomb("deflate", []byte{0x78, 0xda}, sum)
	v.write(binary.BigEndian.AppendUint32(nil, sum.Sum32()))
}

// bomb sends ?mb compressed megabytes of zeros behind a header, sums them up and says
// how many it were.
func (v *visit) bomb(coding string, header []byte, sum hash.Hash32) int {
	mb := min(max(v.size("mb", 64), 1), 1<<16)
	v.w.Header().Set("Content-Encoding", coding)
	v.head(http.StatusOK, -1)
	zeros := make([]byte, 1<<20)
	block, more := deflated(zeros), v.write(header)
	for i := 0; i < mb && more; i++ {
		_, _ = sum.Write(zeros) // it never fails
		more = v.write(block)
	}
	if more {
		v.write([]byte{0x03, 0x00}) // an empty last block (RFC 1951, 3.2.6)
	}
	return mb
}

// gzipHeader is the shortest one (RFC 1952, 2.3.1), of an unknown system.
func gzipHeader() []byte { return []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255} }

// deflated compresses a block so that it refers to nothing outside itself and ends at
// a whole byte: it can be sent any number of times in a row.
func deflated(block []byte) []byte {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		panic("hostile: " + err.Error()) // the level is a good one
	}
	_, _ = w.Write(block) // a buffer takes everything
	_ = w.Flush()
	return b.Bytes()
}
