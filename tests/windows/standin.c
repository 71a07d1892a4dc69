/* Stands in for workstationctl.exe: notes what it was asked, and answers as the test has written.
 *
 * C:\asked.txt gets each argument on a line, and an empty line behind the last. A line of
 * C:\answer.txt is "WORD CODE", or "WORD --check CODE": asked that, it says a sentence and ends so. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

int wmain(int count, wchar_t **words)
{
    char line[200] = "", asked[200] = "", text[4000];
    int code;
    FILE *note = fopen("C:\\asked.txt", "ab"), *answer = fopen("C:\\answer.txt", "rb");

    for (int one = 1; one < count; one++) {
        WideCharToMultiByte(CP_UTF8, 0, words[one], -1, text, sizeof text, NULL, NULL);
        fprintf(note, "%s\n", text);
        if (one == 1 || (one == 2 && !strcmp(text, "--check")))
            strcat(strcat(asked, text), " ");
    }
    fprintf(note, "\n");
    fclose(note);
    while (answer != NULL && fgets(line, sizeof line, answer) != NULL) {
        if (strncmp(line, asked, strlen(asked)) || !(code = atoi(line + strlen(asked))))
            continue;
        printf("This is why %sends with %d.\n", asked, code);
        return code;
    }
    return 0;
}
