package server

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// gate accepts writes once it is open.
type gate struct {
	open chan struct{}
	bytes.Buffer
}

func (g *gate) Write(p []byte) (int, error) {
	<-g.open
	return g.Buffer.Write(p)
}

// keeping returns room for the temporary files of one request, and checks at the end
// of the test that all of it has been released.
func keeping(t *testing.T, most int64) *spools {
	keep := &spools{room: &room{most: most}}
	t.Cleanup(func() {
		keep.close()
		assert.Zero(t, keep.room.used.Load())
	})
	return keep
}

// TestAheadKeepsOrder writes more than is kept in memory to a client that reads
// nothing for a while, and again once it has read everything.
func TestAheadKeepsOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	client := &gate{open: make(chan struct{})}
	keep := keeping(t, 64<<20)
	a := newAhead(client, keep)
	var want bytes.Buffer
	write := func(size int) {
		part := make([]byte, size)
		for i := range part {
			part[i] = byte(random.Uint32())
		}
		want.Write(part)
		n, err := a.Write(part)
		require.NoError(t, err)
		require.Equal(t, size, n)
	}
	for range 40 {
		write(random.IntN(aheadMemory / 8))
	}
	require.NotNil(t, a.file, "the client is behind by more than memory holds")
	close(client.open)
	for range 200 {
		write(random.IntN(aheadMemory / 16))
	}
	require.NoError(t, a.Close(nil))
	assert.True(t, bytes.Equal(want.Bytes(), client.Bytes()), "the client has every byte, in order")
}

func TestAheadOfNothing(t *testing.T) {
	var client bytes.Buffer
	require.NoError(t, newAhead(&client, nil).Close(nil))
	assert.Zero(t, client.Len())
}

var errGone = errors.New("the client is gone")

type goneClient struct{}

func (goneClient) Write([]byte) (int, error) { return 0, errGone }

func TestAheadOfAClientThatIsGone(t *testing.T) {
	keep := keeping(t, 1<<30)
	a := newAhead(goneClient{}, keep)
	var err error
	for range 100_000 {
		if _, err = a.Write(make([]byte, 1000)); err != nil {
			break
		}
	}
	assert.ErrorIs(t, err, errGone, "the writer soon gets the error")
	assert.ErrorIs(t, a.Close(nil), errGone)
}
