using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ReplyX.Messaging.Archive.Files;

/// <summary>Writes that outlast the machine: a file is safe when it is synced, and its name when the folder is.</summary>
internal static partial class DurableFiles
{
    // Each time somebody else has to delete a folder at the wrong moment.
    private const int Attempts = 20;

    // Of <errno.h>, and of <fcntl.h>, where reading is 0 everywhere.
    private const int NoSuchFile = 2;
    private const int CloseOnExecLinux = 0x80000;
    private const int CloseOnExecMac = 0x1000000;

    /// <summary>Writes a file that was not there.</summary>
    public static void WriteNew(string path, ReadOnlySpan<byte> data)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        file.Write(data);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Makes an empty file where there is none.</summary>
    public static void Touch(string path)
    {
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Deletes a file, if it is there.</summary>
    public static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
        }
    }

    /// <summary>
    /// Syncs the names in a folder, and its own name and those of all folders above it, up to the root. Those that are old and clean
    /// cost next to nothing, and that another process made one says not that it synced it.
    /// </summary>
    public static void SyncNames(string folder, string root)
    {
        for (var at = folder; at is not null && at.Length >= root.Length; at = Path.GetDirectoryName(at))
        {
            SyncFolder(at);
        }
    }

    public static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            // NTFS keeps names in its journal, and has no such call.
            return;
        }

        var descriptor = Open(folder, OperatingSystem.IsMacOS() ? CloseOnExecMac : CloseOnExecLinux);
        if (descriptor < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            var message = $"{folder}: {Marshal.GetPInvokeErrorMessage(error)}";
            throw error == NoSuchFile ? new DirectoryNotFoundException(message) : new IOException(message, error);
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.FlushToDisk(handle);
    }

    /// <summary>Makes a folder, and those above it, while others may delete them since they are empty.</summary>
    public static void MakeFolder(string folder)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Directory.CreateDirectory(folder);
                return;
            }
            catch (IOException) when (attempt < Attempts)
            {
                // .NET takes one that was there, and was deleted before it looked what it is, for a file in the way.
            }
        }
    }

    /// <summary>Deletes a folder that is empty, and those above it that are then, but not <paramref name="top"/>.</summary>
    public static void DeleteEmpty(string folder, string top)
    {
        for (var at = folder; at is not null && at.Length > top.Length; at = Path.GetDirectoryName(at))
        {
            try
            {
                // Fails if anything is in it, also what a writer made this moment; one that comes too late makes the folder anew.
                Directory.Delete(at);
            }
            catch (DirectoryNotFoundException)
            {
            }
            catch (IOException)
            {
                return;
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);
}
