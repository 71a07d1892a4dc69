/* Wine 8 has no bcryptprimitives.dll; Rust's random numbers (cryptography, pydantic) come from its
 * one function. advapi32 has the same numbers under another name. */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PUCHAR filled, SIZE_T size)
{
    while (size > 0) {
        ULONG part = size > 0x10000000 ? 0x10000000 : (ULONG)size;
        if (!RtlGenRandom(filled, part))
            return FALSE;
        filled += part;
        size -= part;
    }
    return TRUE;
}

BOOL WINAPI DllMainCRTStartup(HINSTANCE library, DWORD reason, LPVOID reserved)
{
    return TRUE;
}
