/* What Windows Installer cannot do by its tables, as a library of custom actions.
 *
 * A program's lines go into the log, and what it said last is why an installation failed: an
 * executable as a custom action would leave neither, and would open a console window. */
#include <windows.h>
#include <msi.h>
#include <msiquery.h>
#include <wchar.h>

#define LINE 2048
#define COMMAND 8192

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
    static char held[LINE];
    DWORD size = 0, got;
    while (ReadFile(pipe, held + size, 1, &got, NULL) && got == 1) {
        size++;
        if (held[size - 1] == '\n' || size == LINE) {
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
        CloseHandle(out_end);
        CloseHandle(in);
        swprintf(last, LINE, L"Could not start (error %lu): %ls", GetLastError(), command);
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

/* At once, before anything is changed: the command line is a property. Where the program is not
 * there (a repair, a broken installation), there is nothing to close. */
__declspec(dllexport) UINT __stdcall CloseProgram(MSIHANDLE install)
{
    static WCHAR program[COMMAND];
    DWORD size = COMMAND;
    MsiGetPropertyW(install, L"CloseWorkstationIn", program, &size);
    if (GetFileAttributesW(program) == INVALID_FILE_ATTRIBUTES)
        return ERROR_SUCCESS;
    return run_or_fail(install, L"CloseWorkstationBy");
}

/* The settings as they are before an installation changes them; a rollback takes them back. */
static UINT of_settings(MSIHANDLE install, WCHAR *settings, WCHAR *before)
{
    DWORD size = COMMAND;
    UINT result = MsiGetPropertyW(install, L"CustomActionData", settings, &size);
    if (result == ERROR_SUCCESS)
        swprintf(before, COMMAND, L"%ls.before", settings);
    return result;
}

__declspec(dllexport) UINT __stdcall KeepSettings(MSIHANDLE install)
{
    static WCHAR settings[COMMAND], before[COMMAND];
    if (of_settings(install, settings, before) == ERROR_SUCCESS) {
        DeleteFileW(before);
        CopyFileW(settings, before, FALSE);
    }
    return ERROR_SUCCESS;
}

__declspec(dllexport) UINT __stdcall RestoreSettings(MSIHANDLE install)
{
    static WCHAR settings[COMMAND], before[COMMAND];
    if (of_settings(install, settings, before) == ERROR_SUCCESS
        && !MoveFileExW(before, settings, MOVEFILE_REPLACE_EXISTING))
        DeleteFileW(settings); /* there were none */
    return ERROR_SUCCESS;
}

__declspec(dllexport) UINT __stdcall ForgetSettings(MSIHANDLE install)
{
    static WCHAR settings[COMMAND], before[COMMAND];
    if (of_settings(install, settings, before) == ERROR_SUCCESS)
        DeleteFileW(before);
    return ERROR_SUCCESS;
}
