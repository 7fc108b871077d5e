@echo off
rem ASCII only: a batch file is read in the code page of the computer, sentences stand in tool\*.txt
setlocal
chcp 65001 >nul
set "PYTHONUTF8=1"
set "PYTHON="
set CHECK=import sys; sys.exit(not '.'.join(map(str, sys.version_info[:2])) == '@PYTHON@')
if exist "%~dp0python\" goto beside
py -@PYTHON@ -c "%CHECK%" >nul 2>nul && set PYTHON=py -@PYTHON@
if not defined PYTHON python -c "%CHECK%" >nul 2>nul && set PYTHON=python
goto found
:beside
"%~dp0python\python.exe" -c "%CHECK%" >nul 2>nul && set PYTHON="%~dp0python\python.exe"
:found
if not defined PYTHON goto none
%PYTHON% "%~dp0tool\setup.py"
set "RESULT=%errorlevel%"
goto end
:none
type "%~dp0tool\no-python.txt"
set "RESULT=2"
:end
pause
exit /b %RESULT%
