package output

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func symlink(t *testing.T, to, path string) {
	t.Helper()
	if err := os.Symlink(to, path); err != nil {
		t.Skipf("this system makes no links here: %v", err)
	}
}

func TestThroughLinks(t *testing.T) {
	for _, old := range []string{"", "old"} {
		root := t.TempDir()
		folder := filepath.Join(root, "folder")
		deep := filepath.Join(root, "far", "deep")
		require.NoError(t, os.Mkdir(folder, 0o755))
		require.NoError(t, os.MkdirAll(deep, 0o755))
		final := filepath.Join(root, "far", "out.csv")
		if old != "" {
			put(t, final, old)
		}
		// first -> jump/../second, where jump leads into far/deep: the second
		// link is in far, whatever the path looks like.
		first := filepath.Join(folder, "first.csv")
		symlink(t, filepath.Join("..", "far", "deep"), filepath.Join(folder, "jump"))
		symlink(t, "jump/../second.csv", first)
		symlink(t, final, filepath.Join(root, "far", "second.csv"))

		target := open(t, first)
		assert.Equal(t, first, target.Name())
		write(t, target, "new")
		require.NoError(t, target.Commit())
		assert.Equal(t, "new", textOf(t, final))
		assert.Equal(t, "new", textOf(t, first))
		info, err := os.Lstat(first)
		require.NoError(t, err)
		assert.NotZero(t, info.Mode()&os.ModeSymlink, "the link stays a link")
		assert.Equal(t, []string{"deep", "out.csv", "second.csv"}, names(t, filepath.Join(root, "far")))
		assert.Equal(t, []string{"first.csv", "jump"}, names(t, folder))
		assert.Empty(t, names(t, deep))
	}
}

func TestAbortThroughADanglingLink(t *testing.T) {
	folder := t.TempDir()
	link := filepath.Join(folder, "link.csv")
	symlink(t, "absent.csv", link)
	target := open(t, link)
	write(t, target, "new")
	target.Abort()
	assert.Equal(t, []string{"link.csv"}, names(t, folder))
}

func TestLinksInACircle(t *testing.T) {
	folder := t.TempDir()
	a, b := filepath.Join(folder, "a.csv"), filepath.Join(folder, "b.csv")
	symlink(t, b, a)
	symlink(t, a, b)
	_, err := new(Outputs).Open(a)
	assert.ErrorContains(t, err, "too many links")
}

func TestLinkToAFolder(t *testing.T) {
	folder := t.TempDir()
	link := filepath.Join(folder, "link")
	symlink(t, ".", link)
	_, err := new(Outputs).Open(link)
	assert.ErrorContains(t, err, "is a folder")
}

func TestIs(t *testing.T) {
	folder := t.TempDir()
	in := func(name string) string { return filepath.Join(folder, name) }
	put(t, in("input.csv"), "x")
	put(t, in("other.csv"), "x")
	symlink(t, "input.csv", in("link.csv"))
	symlink(t, "absent.csv", in("dangling.csv"))
	require.NoError(t, os.Link(in("input.csv"), in("hard.csv")))
	input, err := os.Stat(in("input.csv"))
	require.NoError(t, err)
	null, err := os.Stat(os.DevNull)
	require.NoError(t, err)
	inputs := []os.FileInfo{nil, null, input}
	for path, want := range map[string]bool{
		in("input.csv"):    true,
		in("./input.csv"):  true,
		in("link.csv"):     true,
		in("hard.csv"):     true,
		in("other.csv"):    false,
		in("dangling.csv"): false,
		in("absent.csv"):   false,
		folder:             false,
		os.DevNull:         false,
	} {
		assert.Equal(t, want, slices.ContainsFunc(inputs, PlaceOf(path).Is), path)
	}
}

func TestSame(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "file.csv", "x")
	require.NoError(t, os.Link("file.csv", "hard.csv"))
	symlink(t, "file.csv", "link.csv")
	symlink(t, "absent.csv", "dangling.csv")
	require.NoError(t, os.MkdirAll("folder/Sub", 0o755))
	symlink(t, "folder", "other")
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"file.csv", "file.csv", true}, {"file.csv", "hard.csv", true}, {"file.csv", "link.csv", true}, {"link.csv", "hard.csv", true}, {"file.csv", "absent.csv", false},
		{"absent.csv", "./absent.csv", true}, {"absent.csv", "dangling.csv", true}, {"absent.csv", "folder/../absent.csv", true}, {"absent.csv", "folder/absent.csv", false},
		{"folder/new.csv", "other/new.csv", true}, {"folder/none/new.csv", "other/none/new.csv", true}, {"folder/new.csv", "other/newer.csv", false},
		{"Absent.csv", "ABSENT.CSV", true}, {"FILE.csv", "file.csv", true}, {"folder/A.csv", "other/a.csv", true}, {"folder/Sub/a.csv", "folder/sub/a.csv", exists("folder/sub")},
		{"caf\u00e9.csv", "cafe\u0301.csv", true}, {os.DevNull, os.DevNull, false},
	} {
		assert.Equal(t, c.want, PlaceOf(c.a).Same(PlaceOf(c.b)), "%s and %s", c.a, c.b)
		assert.Equal(t, c.want, PlaceOf(c.b).Same(PlaceOf(c.a)), "%s and %s", c.b, c.a)
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
