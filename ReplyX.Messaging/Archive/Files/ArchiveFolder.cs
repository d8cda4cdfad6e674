using System.Globalization;
using System.IO.Enumeration;
using System.Text;
using ReplyX.Messaging.Streams;

namespace ReplyX.Messaging.Archive.Files;

/// <summary>
/// Where everything of an archive lies. Names say all that a search needs, so that no file is opened to find another.
/// <code>
/// archive.id                                            which archive this is: see ArchiveVolume
/// accounts/{account}/
///   dialogs/{3f2}/{dialog}/{last}.rxs                   a segment
///   dialogs/{3f2}/{dialog}/{last}.{random}.tmp          one that is being written, or was when its writer died
///   by-age/{2026-11-27}/{13}/{newest}-{dialog}-{last}   empty: the segment's newest event is of that UTC hour
/// </code>
/// {3f2} is the last 12 bits of the dialog's id, which is random: a million dialogs are 244 in each of 4,096 folders. Times and
/// last numbers have leading zeros, so that names sort as they do. Whatever has another name is left alone.
/// </summary>
internal sealed class ArchiveFolder(string root)
{
    private const string SegmentExtension = ".rxs";
    private const string TemporaryExtension = ".tmp";
    private const string Unescaped = "abcdefghijklmnopqrstuvwxyz0123456789-_";

    // File systems allow 255 bytes.
    private const int MaxName = 200;

    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly EnumerationOptions _all = new() { AttributesToSkip = 0, IgnoreInaccessible = false, MatchType = MatchType.Simple };

    public string Root => root;

    public string IdFile => Path.Join(root, "archive.id");

    public string Accounts => Path.Join(root, "accounts");

    public string Dialog(StreamKey dialog) => Path.Join(
        Account(dialog.Account), "dialogs", (dialog.DialogId & 0xfff).ToString("x3", CultureInfo.InvariantCulture), Number(dialog.DialogId));

    public string Segment(StreamKey dialog, long last) => Path.Join(Dialog(dialog), $"{last:D16}{SegmentExtension}");

    /// <summary>A name that no other writer has.</summary>
    public string Temporary(StreamKey dialog, long last) => Path.Join(Dialog(dialog), $"{last:D16}.{Guid.NewGuid():N}{TemporaryExtension}");

    public string ByAge(string account) => Path.Join(Account(account), "by-age");

    public string Age(SegmentId segment) => Path.Join(
        ByAge(segment.Dialog.Account),
        Day(segment.NewestAt),
        Hour(segment.NewestAt),
        $"{segment.NewestAt.ToUnixTimeMilliseconds():D15}-{Number(segment.Dialog.DialogId)}-{Number(segment.Last)}");

    public static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Hour(DateTimeOffset time) => time.UtcDateTime.ToString("HH", CultureInfo.InvariantCulture);

    /// <summary>An account's id as a name that every file system takes, whatever it says: lower-case letters, digits, - and _ as they are, other bytes as %xx.</summary>
    public static string Encode(string account)
    {
        var name = new StringBuilder();
        foreach (var value in _utf8.GetBytes(account))
        {
            _ = Unescaped.Contains((char)value, StringComparison.Ordinal)
                ? name.Append((char)value)
                : name.Append('%').Append(value.ToString("x2", CultureInfo.InvariantCulture));
        }

        return name.Length is > 0 and <= MaxName
            ? name.ToString()
            : throw new ArgumentException("An account's id is empty, or too long for the name of a folder.", nameof(account));
    }

    public IEnumerable<string> ListAccounts() => List(Accounts, ToName, isFolder: true)
        .Select(name => (Name: name, Account: Uri.UnescapeDataString(name)))
        .Where(pair => pair.Account.Length > 0 && pair.Name.Length <= MaxName && Encode(pair.Account) == pair.Name)
        .Select(pair => pair.Account);

    /// <summary>The dialogs of an account that have a folder.</summary>
    public IEnumerable<StreamKey> ListDialogs(string account)
    {
        var dialogs = Path.Join(Account(account), "dialogs");
        return ListFolders(dialogs)
            .SelectMany(part => ListFolders(Path.Join(dialogs, part)))
            .Select(name => long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0)
            .Select(id => StreamKey.ForDialog(account, id));
    }

    /// <summary>Deletes what folders of an account are empty, its own among them.</summary>
    public void DeleteEmptyFolders(string account)
    {
        var folder = Account(account);
        foreach (var top in ListFolders(folder).Select(name => Path.Join(folder, name)))
        {
            foreach (var middle in ListFolders(top).Select(name => Path.Join(top, name)))
            {
                foreach (var last in ListFolders(middle).Select(name => Path.Join(middle, name)))
                {
                    DurableFiles.DeleteEmpty(last, Accounts);
                }

                DurableFiles.DeleteEmpty(middle, Accounts);
            }

            DurableFiles.DeleteEmpty(top, Accounts);
        }

        DurableFiles.DeleteEmpty(folder, Accounts);
    }

    /// <summary>The last numbers of a dialog's segments, in no order.</summary>
    public IEnumerable<long> ListSegments(StreamKey dialog) =>
        List(Dialog(dialog), static (ref FileSystemEntry entry) => ParseLast(entry.FileName, SegmentExtension), isFolder: false).Where(last => last > 0);

    /// <summary>The files that writers of a dialog's segments have not finished, up to one.</summary>
    public IEnumerable<string> ListTemporary(StreamKey dialog, long last) => List(
            Dialog(dialog),
            static (ref FileSystemEntry entry) => (Last: ParseLast(entry.FileName, TemporaryExtension), Path: entry.ToFullPath()),
            isFolder: false)
        .Where(file => file.Last > 0 && file.Last <= last)
        .Select(file => file.Path);

    /// <summary>The names of the folders in one, in their order.</summary>
    public static List<string> ListFolders(string folder)
    {
        List<string> names = [.. List(folder, ToName, isFolder: true)];
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>The segments that one hour's folder names, the oldest first.</summary>
    public static List<SegmentId> ListHour(string account, string folder)
    {
        List<SegmentId> segments = [];
        foreach (var (newest, dialogId, last) in List(folder, static (ref FileSystemEntry entry) => ParseAge(entry.FileName), isFolder: false))
        {
            if (last > 0)
            {
                segments.Add(new SegmentId(StreamKey.ForDialog(account, dialogId), last, DateTimeOffset.FromUnixTimeMilliseconds(newest)));
            }
        }

        segments.Sort((one, other) => one.NewestAt.CompareTo(other.NewestAt));
        return segments;
    }

    private string Account(string account) => Path.Join(Accounts, Encode(account));

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string ToName(ref FileSystemEntry entry) => entry.FileName.ToString();

    // What is not there is empty: whoever takes the last file out of a folder takes the folder too.
    private static IEnumerable<T> List<T>(string folder, FileSystemEnumerable<T>.FindTransform transform, bool isFolder)
    {
        try
        {
            return [.. new FileSystemEnumerable<T>(folder, transform, _all) { ShouldIncludePredicate = (ref entry) => entry.IsDirectory == isFolder }];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    // 0 for what is named otherwise.
    private static long ParseLast(ReadOnlySpan<char> name, ReadOnlySpan<char> extension) =>
        name.EndsWith(extension, StringComparison.Ordinal)
        && name[..name.IndexOf('.')] is { Length: >= 16 } number
        && (extension is TemporaryExtension || name.Length == number.Length + extension.Length)
        && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            ? last
            : 0;

    private static (long Newest, long DialogId, long Last) ParseAge(ReadOnlySpan<char> name)
    {
        Span<Range> parts = stackalloc Range[4];
        return name.Split(parts, '-') == 3
            && TryParse(name[parts[0]], out var newest)
            && newest <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            && TryParse(name[parts[1]], out var dialogId)
            && TryParse(name[parts[2]], out var last)
                ? (newest, dialogId, last)
                : default;

        static bool TryParse(ReadOnlySpan<char> text, out long number) =>
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
