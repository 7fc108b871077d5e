@echo off
setlocal
chcp 65001 >nul
if exist "%~dp0env\pyvenv.cfg" rmdir /s /q "%~dp0env"
if exist "%~dp0env" goto left
type "%~dp0tool\removed.txt"
pause
exit /b 0
:left
type "%~dp0tool\not-removed.txt"
pause
exit /b 2
