/* What Windows Installer cannot do by its tables, as a library of custom actions.
 *
 * A program's lines go into the log, and what it said last is why an installation failed: an
 * executable as a custom action would leave neither, and would open a console window. */
#include <windows.h>
#include <aclapi.h>
#include <msi.h>
#include <msiquery.h>
#include <wchar.h>

#define LINE 2048
#define COMMAND 8192
/* What the program ends with when it refuses. Python, its loader and Windows end one that is broken
 * with other codes: such a one must never keep its own repair, upgrade or removal away. */
#define REFUSED 4

static void say(MSIHANDLE install, INSTALLMESSAGE kind, const WCHAR *text)
{
    MSIHANDLE record = MsiCreateRecord(1);
    MsiRecordSetStringW(record, 0, L"[1]");
    MsiRecordSetStringW(record, 1, text);
    MsiProcessMessage(install, kind, record);
    MsiCloseHandle(record);
}

/* One line as the program wrote it (UTF-8), without its end; kept, for it may be the last. */
static void say_line(MSIHANDLE install, const char *line, DWORD size, WCHAR *last)
{
    int length;
    while (size > 0 && (line[size - 1] == '\r' || line[size - 1] == '\n'))
        size--;
    if (size == 0)
        return;
    length = MultiByteToWideChar(CP_UTF8, 0, line, (int)size, last, LINE - 1);
    last[length] = 0;
    say(install, INSTALLMESSAGE_INFO, last);
}

static void say_all(MSIHANDLE install, HANDLE pipe, WCHAR *last)
{
    static char held[LINE - 1]; /* each byte may become a letter, and one more ends them */
    DWORD size = 0, got;
    while (ReadFile(pipe, held + size, 1, &got, NULL) && got == 1) {
        size++;
        if (held[size - 1] == '\n' || size == sizeof held) {
            say_line(install, held, size, last);
            size = 0;
        }
    }
    say_line(install, held, size, last);
}

/* Runs it without a window; returns its exit code, or -1 where it did not start. */
static DWORD run(MSIHANDLE install, WCHAR *command, WCHAR *last)
{
    SECURITY_ATTRIBUTES inherited = { sizeof inherited, NULL, TRUE };
    STARTUPINFOW start = { 0 };
    PROCESS_INFORMATION process;
    HANDLE out, out_end, in, in_end;
    DWORD code = (DWORD)-1;

    start.cb = sizeof start;
    CreatePipe(&out, &out_end, &inherited, 0);
    CreatePipe(&in_end, &in, &inherited, 0);
    SetHandleInformation(out, HANDLE_FLAG_INHERIT, 0);
    SetHandleInformation(in, HANDLE_FLAG_INHERIT, 0);
    start.dwFlags = STARTF_USESTDHANDLES;
    start.hStdInput = in_end;
    start.hStdOutput = start.hStdError = out_end;
    if (CreateProcessW(NULL, command, NULL, NULL, TRUE, CREATE_NO_WINDOW, NULL, NULL, &start, &process)) {
        CloseHandle(out_end);
        CloseHandle(in);
        say_all(install, out, last);
        WaitForSingleObject(process.hProcess, INFINITE);
        GetExitCodeProcess(process.hProcess, &code);
        CloseHandle(process.hThread);
        CloseHandle(process.hProcess);
    } else {
        /* Not what was to be started: addresses may stand in it. */
        swprintf(last, LINE, L"The program could not be started (error %lu).", GetLastError());
        CloseHandle(out_end);
        CloseHandle(in);
    }
    CloseHandle(out);
    CloseHandle(in_end);
    return code;
}

static UINT run_or_fail(MSIHANDLE install, const WCHAR *property)
{
    static WCHAR command[COMMAND], last[LINE];
    DWORD size = COMMAND;
    if (MsiGetPropertyW(install, property, command, &size) != ERROR_SUCCESS || command[0] == 0)
        return ERROR_SUCCESS;
    last[0] = 0;
    if (run(install, command, last) == 0)
        return ERROR_SUCCESS;
    say(install, INSTALLMESSAGE_ERROR, last);
    return ERROR_INSTALL_FAILURE;
}

/* Deferred: the command line is the action's data. */
__declspec(dllexport) UINT __stdcall RunQuietly(MSIHANDLE install)
{
    return run_or_fail(install, L"CustomActionData");
}

/* Begins a command line of the installed program. Returns whether that program is there. */
static BOOL begin(MSIHANDLE install, WCHAR *command, const WCHAR *words)
{
    static WCHAR program[COMMAND];
    DWORD size = COMMAND;
    program[0] = 0;
    MsiGetPropertyW(install, L"WorkstationProgram", program, &size);
    swprintf(command, COMMAND, L"\"%ls\" %ls", program, words);
    return GetFileAttributesW(program) != INVALID_FILE_ATTRIBUTES;
}

/* Appends an option so that the program reads the value as it was given: a quotation mark in it
 * ends nothing. Returns FALSE where there is no room. */
static BOOL append(WCHAR *command, const WCHAR *option, const WCHAR *value)
{
    size_t used = wcslen(command), strokes = 0;
    if (used + wcslen(option) + 2 * wcslen(value) + 5 > COMMAND)
        return FALSE;
    used += swprintf(command + used, COMMAND - used, L" %ls \"", option);
    for (; *value; value++) {
        if (*value == L'"')
            for (strokes++; strokes > 0; strokes--)
                command[used++] = L'\\';
        strokes = *value == L'\\' ? strokes + 1 : 0;
        command[used++] = *value;
    }
    for (; strokes > 0; strokes--)
        command[used++] = L'\\';
    command[used++] = L'"';
    command[used] = 0;
    return TRUE;
}

/* Appends what IT gave; says so and returns FALSE where that is too long. */
static BOOL append_properties(MSIHANDLE install, WCHAR *command)
{
    static const WCHAR *const given[][2] = {
        { L"CONFIG", L"--config" },
        { L"DATABASE_URL", L"--database-url" },
        { L"BROKER_URL", L"--broker-url" },
        { L"SIP_ADDRESS", L"--sip-address" },
        { L"KOMMUNER", L"--kommuner" },
    };
    static WCHAR value[COMMAND];
    for (size_t one = 0; one < sizeof given / sizeof given[0]; one++) {
        DWORD size = COMMAND;
        BOOL is_there = MsiGetPropertyW(install, given[one][0], value, &size) == ERROR_SUCCESS;
        if (is_there && value[0] == 0)
            continue;
        if (!is_there || !append(command, given[one][1], value)) {
            swprintf(value, COMMAND, L"%ls is too long.", given[one][0]);
            say(install, INSTALLMESSAGE_ERROR, value);
            return FALSE;
        }
    }
    return TRUE;
}

/* Runs what may say no before anything is changed; all but a no lets the installation go on. */
static UINT ask(MSIHANDLE install, WCHAR *command)
{
    static WCHAR last[LINE], said[LINE];
    DWORD code;
    last[0] = 0;
    code = run(install, command, last);
    if (code == REFUSED) {
        say(install, INSTALLMESSAGE_ERROR, last);
        return ERROR_INSTALL_FAILURE;
    }
    if (code != 0) {
        swprintf(said, LINE, L"The version that is there could not be asked (%ld).", (long)code);
        say(install, INSTALLMESSAGE_INFO, said);
    }
    return ERROR_SUCCESS;
}

/* Refuses properties that cannot be installed while the old version still runs. */
__declspec(dllexport) UINT __stdcall CheckSettings(MSIHANDLE install)
{
    static WCHAR command[COMMAND];
    if (!begin(install, command, L"install-settings --check"))
        return ERROR_SUCCESS;
    return append_properties(install, command) ? ask(install, command) : ERROR_INSTALL_FAILURE;
}

__declspec(dllexport) UINT __stdcall CloseProgram(MSIHANDLE install)
{
    static WCHAR command[COMMAND];
    return begin(install, command, L"close --timeout 30") ? ask(install, command) : ERROR_SUCCESS;
}

/* Hands the properties to the deferred action; at once, so that nothing is changed if it fails. */
__declspec(dllexport) UINT __stdcall PrepareSettings(MSIHANDLE install)
{
    static WCHAR command[COMMAND];
    begin(install, command, L"install-settings");
    if (!append_properties(install, command))
        return ERROR_INSTALL_FAILURE;
    return MsiSetPropertyW(install, L"InstallSettings", command);
}

/* Says which versions it is about; the table of launch conditions refuses. */
__declspec(dllexport) UINT __stdcall TellOfNewer(MSIHANDLE install)
{
    WCHAR newer[64] = L"", there[32] = L"?", here[32] = L"?", said[256];
    DWORD size = 64;
    MsiGetPropertyW(install, L"WIX_DOWNGRADE_DETECTED", newer, &size);
    newer[38] = 0; /* the first of them, a product code */
    size = 32;
    MsiGetProductInfoW(newer, L"VersionString", there, &size);
    size = 32;
    MsiGetPropertyW(install, L"ProductVersion", here, &size);
    swprintf(said, 256, L"Version %ls is installed already and is newer than %ls; "
        L"uninstall it first to go back.", there, here);
    say(install, INSTALLMESSAGE_INFO, said);
    return ERROR_SUCCESS;
}

/* Whether the owner is the system, an administrator, or who runs this. */
static BOOL is_administrators(HANDLE opened)
{
    struct { TOKEN_USER user; BYTE number[SECURITY_MAX_SID_SIZE]; } mine;
    PSECURITY_DESCRIPTOR descriptor;
    PSID owner;
    HANDLE token;
    DWORD size;
    BOOL is = FALSE;
    if (GetSecurityInfo(opened, SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION, &owner, NULL, NULL, NULL,
            &descriptor) != ERROR_SUCCESS)
        return FALSE;
    if (OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) {
        is = GetTokenInformation(token, TokenUser, &mine, sizeof mine, &size)
            && EqualSid(owner, mine.user.User.Sid);
        CloseHandle(token);
    }
    is = is || IsWellKnownSid(owner, WinLocalSystemSid)
        || IsWellKnownSid(owner, WinBuiltinAdministratorsSid);
    LocalFree(descriptor);
    return is;
}

/* Whether a folder is an administrator's and no link. Every user may make one of this name first and
 * lead the system, as which this runs, to any other place; install-settings puts such a one aside. */
static BOOL is_ours(const WCHAR *folder)
{
    BY_HANDLE_FILE_INFORMATION facts;
    BOOL is;
    HANDLE opened = CreateFileW(folder, READ_CONTROL | FILE_READ_ATTRIBUTES,
        FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING,
        FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, NULL);
    if (opened == INVALID_HANDLE_VALUE)
        return FALSE;
    is = GetFileInformationByHandle(opened, &facts)
        && !(facts.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) && is_administrators(opened);
    CloseHandle(opened);
    return is;
}

/* The settings as they are before an installation changes them; a rollback takes them back. Returns
 * whether their folder is one to work in. */
static BOOL of_settings(MSIHANDLE install, WCHAR *settings, WCHAR *before)
{
    static WCHAR folder[COMMAND];
    DWORD size = COMMAND;
    WCHAR *end;
    if (MsiGetPropertyW(install, L"CustomActionData", settings, &size) != ERROR_SUCCESS)
        return FALSE;
    swprintf(before, COMMAND, L"%ls.before", settings);
    wcscpy(folder, settings);
    end = wcsrchr(folder, L'\\');
    if (end == NULL)
        return FALSE;
    *end = 0;
    return is_ours(folder);
}

__declspec(dllexport) UINT __stdcall KeepSettings(MSIHANDLE install)
{
    static WCHAR settings[COMMAND], before[COMMAND], said[LINE];
    DWORD error;
    if (!of_settings(install, settings, before))
        return ERROR_SUCCESS; /* none, or none that would be put back */
    DeleteFileW(before);
    if (CopyFileW(settings, before, FALSE))
        return ERROR_SUCCESS;
    error = GetLastError();
    if (error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND)
        return ERROR_SUCCESS;
    /* Without a copy a rollback would leave none, on a full disk for one. */
    swprintf(said, LINE, L"The settings could not be copied (error %lu).", error);
    say(install, INSTALLMESSAGE_ERROR, said);
    return ERROR_INSTALL_FAILURE;
}

__declspec(dllexport) UINT __stdcall RestoreSettings(MSIHANDLE install)
{
    static WCHAR settings[COMMAND], before[COMMAND];
    if (of_settings(install, settings, before)
        && !MoveFileExW(before, settings, MOVEFILE_REPLACE_EXISTING)
        && GetFileAttributesW(before) == INVALID_FILE_ATTRIBUTES)
        DeleteFileW(settings); /* there were none */
    return ERROR_SUCCESS;
}

__declspec(dllexport) UINT __stdcall ForgetSettings(MSIHANDLE install)
{
    static WCHAR settings[COMMAND], before[COMMAND];
    if (of_settings(install, settings, before))
        DeleteFileW(before);
    return ERROR_SUCCESS;
}
