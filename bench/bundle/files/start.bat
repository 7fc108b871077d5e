@echo off
rem A folder dropped on this file opens in the desk.
setlocal
chcp 65001 >nul
if not exist "%~dp0env\Scripts\python.exe" goto none
if "%~1"=="" goto empty
"%~dp0env\Scripts\python.exe" -P -m recon desk "%~1\."
if errorlevel 1 pause
exit /b
:none
type "%~dp0tool\not-installed.txt"
pause
exit /b 2
:empty
type "%~dp0tool\no-folder.txt"
pause
exit /b 2
